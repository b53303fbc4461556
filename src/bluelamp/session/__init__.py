"""The only door: who looks, for what purpose, what is visible to them, and the log of it."""
