"""The API: the same four verbs as everywhere, as JSON, for a token bound to a user and a purpose."""
