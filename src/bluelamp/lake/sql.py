"""Names and texts inside generated SQL: the only two functions that quote."""

from collections.abc import Iterable


def ident(name: str) -> str:
    """`name` as a quoted SQL identifier, whatever characters it holds."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """`text` as a SQL string; only for generated statements that cannot take parameters."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    """The texts as a parenthesised SQL list, for IN."""
    return "(" + ", ".join(literal(text) for text in texts) + ")"
