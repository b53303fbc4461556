"""The `when` of a record or link: a condition over the columns of a row, and nothing else.

The text is parsed, and SQL is written anew from the few kinds of node known here. So what reaches the engine can
hold columns (always quoted), fixed values and the listed comparisons only, whatever was declared.
"""

import re
from collections.abc import Callable

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import TokenType

FUNCTIONS = "lower, upper, trim, length, coalesce"
COMPARISONS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
LIKES: dict[type[exp.Expr], str] = {exp.Like: "like", exp.ILike: "ilike"}
FOLDS: dict[type[exp.Expr], str] = {exp.Lower: "lower", exp.Upper: "upper", exp.Trim: "trim"}
LONGEST = 4_000
DEEPEST = 40

_COLUMN = re.compile(r"'(?:[^']|'')*'|\"((?:[^\"]|\"\")+)\"")
_BACKTICK = re.compile(r"('(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")|`([^`]*)`")


class NotUnderstoodError(Exception):
    """The text is not a condition at all."""


class NotAllowedError(Exception):
    """The text is SQL that a condition may not hold."""


def normalise(text: str) -> str:
    """DuckDB SQL of the condition `text`. Raises NotUnderstoodError or NotAllowedError with what is wrong."""
    if len(text) > LONGEST:
        raise NotUnderstoodError(f"it is longer than {LONGEST} characters")
    return _condition(_parse(_BACKTICK.sub(_requote, text)), 0)


def columns(condition: str) -> frozenset[str]:
    """The columns that a normalised condition reads."""
    return frozenset(found.replace('""', '"') for found in _COLUMN.findall(condition) if found)


def _requote(found: re.Match[str]) -> str:
    return found[1] or _quoted(found[2])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _parse(text: str) -> exp.Expr:
    try:
        tokens = DuckDB().tokenize(text)
        if any(token.comments for token in tokens):
            raise NotAllowedError("it holds a comment")
        if any(token.token_type == TokenType.SEMICOLON for token in tokens):
            raise NotAllowedError("it holds a semicolon")
        found = [each for each in DuckDB().parser().parse(tokens, text) if each is not None]
    except (SqlglotError, RecursionError, ValueError, TypeError, AttributeError, IndexError, KeyError) as error:
        raise NotUnderstoodError("it is not a condition in SQL") from error
    if len(found) != 1:
        raise NotUnderstoodError("it is not one condition")
    return found[0]


def _only(node: exp.Expr, *known: str) -> None:
    """Refuse whatever the parser put beside the parts that are written out again."""
    for name, value in node.args.items():
        if value and name not in known:
            raise NotAllowedError(f"`{node.sql(dialect='duckdb')}` says more than a comparison may")


def _deeper(depth: int) -> int:
    if depth >= DEEPEST:
        raise NotAllowedError(f"it is nested more than {DEEPEST} deep")
    return depth + 1


def _condition(node: exp.Expr, depth: int) -> str:
    depth = _deeper(depth)
    kind = type(node)
    if kind in (exp.And, exp.Or):
        return _joined(node, "and" if kind is exp.And else "or", depth)
    if kind is exp.Paren:
        _only(node, "this")
        return _condition(node.this, depth)
    if kind is exp.Not:
        _only(node, "this")
        return f"(not {_condition(node.this, depth)})"
    writer = _WRITERS.get(kind)
    if writer is None:
        raise NotAllowedError(_why_not(node))
    return writer(node, depth)


def _joined(node: exp.Expr, word: str, depth: int) -> str:
    """A chain of `and` or `or`, which the parser nests to the left, written flat."""
    _only(node, "this", "expression")
    parts, kind = [], type(node)
    while type(node) is kind:
        _only(node, "this", "expression")
        parts.append(_condition(node.args["expression"], depth))
        node = node.this
    parts.append(_condition(node, depth))
    return "(" + f" {word} ".join(reversed(parts)) + ")"


def _compare(node: exp.Expr, depth: int) -> str:
    _only(node, "this", "expression")
    sides = [node.this, node.args["expression"]]
    if any(type(side) is exp.Null for side in sides):
        raise NotAllowedError("nothing is equal to null: write `is null` or `is not null`")
    left, right = _alike([_operand(side, depth) for side in sides])
    return f"({left} {COMPARISONS[type(node)]} {right})"


def _is_null(node: exp.Expr, depth: int) -> str:
    _only(node, "this", "expression")
    if type(node.args["expression"]) is not exp.Null:
        raise NotAllowedError("`is` is for null only: write `is null`, `is not null` or `=`")
    return f"({_operand(node.this, depth)[0]} is null)"


def _in(node: exp.Expr, depth: int) -> str:
    _only(node, "this", "expressions")
    if not node.expressions:
        raise NotAllowedError("`in` needs a list of fixed values")
    first, *rest = _alike([_operand(each, depth) for each in (node.this, *node.expressions)])
    return f"({first} in ({', '.join(rest)}))"


def _between(node: exp.Expr, depth: int) -> str:
    _only(node, "this", "low", "high")
    value, low, high = _alike([_operand(node.args[name], depth) for name in ("this", "low", "high")])
    return f"({value} between {low} and {high})"


def _like(node: exp.Expr, depth: int) -> str:
    _only(node, "this", "expression", "negate")
    sides = [_as_text(_operand(each, depth)) for each in (node.this, node.args["expression"])]
    word = "not " if node.args.get("negate") else ""
    return f"({sides[0]} {word}{LIKES[type(node)]} {sides[1]})"


_WRITERS: dict[type[exp.Expr], Callable[[exp.Expr, int], str]] = {
    **dict.fromkeys(COMPARISONS, _compare),
    **dict.fromkeys(LIKES, _like),
    exp.Is: _is_null,
    exp.In: _in,
    exp.Between: _between,
}

#: an operand's SQL and whether it is a number; raw columns are texts
_Operand = tuple[str, bool]


def _operand(node: exp.Expr, depth: int) -> _Operand:
    reader = _OPERANDS.get(type(node))
    if reader is None:
        raise NotAllowedError(_why_not(node))
    return reader(node, _deeper(depth))


def _inside(node: exp.Expr, depth: int) -> _Operand:
    _only(node, "this")
    return _operand(node.this, depth)


def _negative(node: exp.Expr, depth: int) -> _Operand:
    sql, number = _inside(node, depth)
    if type(node.this) is not exp.Literal or not number:
        raise NotAllowedError(_why_not(node))
    return f"-{sql}", True


def _fold(node: exp.Expr, depth: int) -> _Operand:
    return f"{FOLDS[type(node)]}({_as_text(_inside(node, depth))})", False


def _length(node: exp.Expr, depth: int) -> _Operand:
    return f"length({_as_text(_inside(node, depth))})", True


def _coalesce(node: exp.Expr, depth: int) -> _Operand:
    _only(node, "this", "expressions")
    parts = [_as_text(_operand(each, depth)) for each in (node.this, *node.expressions)]
    return f"coalesce({', '.join(parts)})", False


def _column(node: exp.Expr, _: int) -> _Operand:
    name = node.this
    if isinstance(node, exp.Column) and node.args.get("table"):
        said = ".".join(part.name for part in node.parts)
        raise NotAllowedError(f'a name with a dot stands in double quotes, as in `"{said}" is not null`')
    _only(node, "this")
    if type(name) is not exp.Identifier or not name.name or "\x00" in name.name:
        raise NotAllowedError(f"`{node.sql(dialect='duckdb')}` is not a column")
    return _quoted(name.name), False


def _literal(node: exp.Expr, _: int) -> _Operand:
    if node.is_string:
        if "\x00" in node.name:
            raise NotAllowedError("it holds a character that no file holds")
        return "'" + node.name.replace("'", "''") + "'", False
    if not re.fullmatch(r"\d{1,18}(\.\d{1,18})?", node.name):
        raise NotAllowedError(f"`{node.name}` is not a plain number")
    return node.name, True


_OPERANDS: dict[type[exp.Expr], Callable[[exp.Expr, int], _Operand]] = {
    **dict.fromkeys(FOLDS, _fold),
    exp.Column: _column,
    exp.Literal: _literal,
    exp.Neg: _negative,
    exp.Paren: _inside,
    exp.Length: _length,
    exp.Coalesce: _coalesce,
}


def _as_text(operand: _Operand) -> str:
    sql, number = operand
    return f"({sql})::VARCHAR" if number else sql


def _alike(operands: list[_Operand]) -> list[str]:
    """Where only some operands are numbers, the texts are read as numbers; those that are none compare as null."""
    if not any(number for _, number in operands):
        return [sql for sql, _ in operands]
    return [sql if number else f"try_cast({sql} as DOUBLE)" for sql, number in operands]


def _why_not(node: exp.Expr) -> str:
    shown = node.sql(dialect="duckdb")[:60]
    if type(node) in (exp.Column, exp.Literal):
        return f"`{shown}` alone is not a condition: compare it, as in `Status = 'Open'`"
    if isinstance(node, exp.Func):
        return f"`{shown}` is not one of the functions {FUNCTIONS}"
    return f"`{shown}` is not allowed in a condition"
