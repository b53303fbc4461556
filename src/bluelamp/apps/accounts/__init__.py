"""Signing in, the purpose, one's own account, and the administrator's list of accounts."""
