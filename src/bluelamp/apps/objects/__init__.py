"""The object page: who or what this is, what is known and by whom, and how it is connected."""
