"""Search: one box over everything that the purpose opens."""
