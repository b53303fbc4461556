"""Code lists and tables as data: read through `bluelamp.types.lists`."""
