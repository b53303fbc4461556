"""Audit: who did what, to whom, when and why; for the four permitted uses of the log."""
