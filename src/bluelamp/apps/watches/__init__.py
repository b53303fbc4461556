"""Watches: what somebody asked to hear of, and what is new of it."""
