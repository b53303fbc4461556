"""Which records are one thing."""
