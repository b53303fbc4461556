"""How a delimited text is written: delimiter, quote, escape, what means nothing, how long a row may be."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from bluelamp.connectors.options import Options
from bluelamp.errors import DeclarationError

CANDIDATES = (",", "\t", ";", "|")
MAX_LINE = 16 << 20


@dataclass(frozen=True)
class Dialect:
    """The characters with a meaning, and the limits, of one delimited file."""

    delimiter: str = ","
    quote: str = '"'
    #: makes a quote inside a quoted value plain; the quote itself where it is doubled
    escape: str = '"'
    nulls: tuple[str, ...] = ("",)
    max_line: int = MAX_LINE
    options: Options = field(default_factory=lambda: Options("csv"))

    @cached_property
    def doubled(self) -> bool:
        """Whether a quote inside a quoted value is written twice, as RFC 4180 says."""
        return self.escape == self.quote

    @cached_property
    def tidy(self) -> re.Pattern[bytes]:
        """Matches as far as each quote opens at a value's start and closes at its end, outside of quoted values."""
        q, d = re.escape(self.quote.encode()), re.escape(self.delimiter.encode())
        quoted = rb"%b[^%b]*+(?:%b%b[^%b]*+)*+%b" % (q, q, q, q, q, q)
        return re.compile(rb"(?:[^%b]*+(?:(?<=[%b\r\n])|(?<![\s\S]))%b(?=[%b\r\n]|\Z))*+[^%b]*+" % (q, d, quoted, d, q))

    @cached_property
    def rest_of_quoted(self) -> re.Pattern[bytes]:
        """Matches from behind an opening quote to the closing one."""
        q, e = re.escape(self.quote.encode()), re.escape(self.escape.encode())
        if self.doubled:
            return re.compile(rb"([^%b]*+(?:%b%b[^%b]*+)*+)%b" % (q, q, q, q, q))
        return re.compile(rb"((?:[^%b%b]++|%b[\s\S])*+)%b" % (q, e, e, q))

    def plain(self, quoted: bytes) -> bytes:
        """What stands between two quotes, without its escapes."""
        q, e = self.quote.encode(), self.escape.encode()
        return quoted.replace(q + q, q) if self.doubled else re.sub(re.escape(e) + rb"([\s\S])", rb"\1", quoted)


def dialect(options: Options, first_line: str) -> Dialect:
    """The dialect that the options declare; an undeclared delimiter is the one that `first_line` has most.

    Raises DeclarationError where an option cannot be.
    """
    quote = options.character("quote", '"')
    escape = options.character("escape", quote) or quote
    delimiter = "\t" if options.connector == "tsv" else options.character("delimiter", "") or _likely(first_line, quote)
    if delimiter in (quote, escape):
        raise DeclarationError(f"The delimiter {delimiter} cannot be the quote too; change one of the two options.")
    nulls = ("", *options.listed("null"))
    return Dialect(delimiter, quote, escape, nulls, options.number("max_line", MAX_LINE, least=1), options)


def _likely(line: str, quote: str) -> str:
    outside = "".join(line.split(quote)[::2]) if quote else line
    return max(CANDIDATES, key=outside.count)
