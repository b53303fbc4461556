"""The database's schema, a version a file; Alembic walks them."""

#: the newest version; a test holds it to the newest file of `versions`
HEAD = "0006"
