"""PostgreSQL: the connection, the tables, the migrations."""
