"""Reading the keys of one table: each by the kind of value expected, the unknown ones found at the end."""

from collections.abc import Sequence
from datetime import date

from bluelamp.workspace.document import Items, Node, Table, Text
from bluelamp.workspace.model import Column, Place
from bluelamp.workspace.problems import Report, choose

YES = ("true", "yes", "on")
NO = ("false", "no", "off")


class Fields:
    """The keys of `table`, which messages call `what`. A key that nobody asks for is unknown."""

    def __init__(self, table: Table, what: str, report: Report) -> None:
        self.table = table
        self.what = what
        self.report = report
        self._asked: dict[str, None] = {}

    @property
    def inner(self) -> str:
        """`what` as it stands inside a sentence."""
        return self.what[0].lower() + self.what[1:]

    @property
    def place(self) -> Place:
        """Where the table begins."""
        return self.table.place

    def at(self, key: str) -> Place:
        """Where `key` stands, or else where the table begins."""
        return self.table.keys.get(key, self.place)

    def node(self, key: str) -> Node | None:
        """What stands at `key`; None where it is missing or blank."""
        self._asked[key] = None
        node = self.table.entries.get(key)
        return None if isinstance(node, Text) and node.blank else node

    def text(self, key: str, default: str = "") -> str:
        """The text at `key`, without outer blanks."""
        node = self.node(key)
        if node is None:
            return default
        return self._text(node, key) or default

    def required(self, key: str, fix: str, code: str = "B009") -> str:
        """The text at `key`; a problem where there is none."""
        if self.node(key) is None:
            self.missing(key, fix, code)
            return ""
        return self.text(key)

    def missing(self, key: str, fix: str, code: str = "B009") -> None:
        """Report that `key` is not there."""
        self.report.add(code, self.at(key), f"{self.what} has no `{key}`", fix)

    def texts(self, key: str) -> tuple[Text, ...]:
        """The texts of the list at `key`, each with its place; a single text is a list of one."""
        node = self.node(key)
        if node is None:
            return ()
        items = node.items if isinstance(node, Items) else [node]
        good = [each for each in items if isinstance(each, Text) and not each.blank]
        for each in items:
            if not isinstance(each, Text) or each.blank:
                fix = f"write `{key}: [one, two]`"
                self.report.add("B007", each.place, f"`{key}` of {self.inner} holds something other than texts", fix)
        return tuple(good)

    def words(self, key: str) -> tuple[str, ...]:
        """The texts of `texts`, without their places."""
        return tuple(each.text.strip() for each in self.texts(key))

    def column(self, key: str) -> Column | None:
        """The column at `key`, or a list of alternatives for one."""
        found = self.words(key)
        return (found[0] if len(found) == 1 else found) if found else None

    def columns(self, key: str) -> tuple[Column, ...]:
        """The list of columns at `key`, each of which may be a list of alternatives itself."""
        node = self.node(key)
        found: list[Column] = []
        for each in node.items if isinstance(node, Items) else [node] if node else []:
            column = Fields(Table(each.place, {key: each}), self.what, self.report).column(key)
            found += [column] if column else []
        return tuple(found)

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        node = self.node(key)
        if node is None:
            return default
        text = node.text.strip().lower() if isinstance(node, Text) else ""
        if text not in YES + NO:
            self.report.add(
                "B007", node.place, f"`{key}` of {self.inner} is neither true nor false", "write true or false"
            )
        return text in YES

    def number(self, key: str) -> float | None:
        """A number that is not negative."""
        node = self.node(key)
        if node is None:
            return None
        try:
            value = float(node.text.replace("_", "")) if isinstance(node, Text) else -1.0
        except ValueError:
            value = -1.0
        if not 0 <= value < float("inf"):
            self.report.add("B007", node.place, f"`{key}` of {self.inner} is not a number from 0", f"write `{key}: 10`")
            return None
        return value

    def day(self, key: str) -> date | None:
        """A date."""
        text = self.text(key)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.report.add("B007", self.at(key), f"`{key}` of {self.inner} is not a date", "write it like 2027-03-31")
            return None

    def word(self, key: str, allowed: Sequence[str], default: str) -> str:
        """One of the words of `allowed`."""
        text = self.text(key, default)
        if text in allowed:
            return text
        self.report.add("B039", self.at(key), f'`{key}` of {self.inner} is "{text}"', choose(text, allowed))
        return default

    def table_at(self, key: str, what: str) -> "Fields | None":
        """The keys of the table at `key`."""
        node = self.node(key)
        if node is None:
            return None
        return self.open(node, what)

    def open(self, node: Node, what: str) -> "Fields | None":
        """The keys of `node`, where it is a table."""
        if isinstance(node, Table):
            return Fields(node, what, self.report)
        self.report.add(
            "B007", node.place, f"{what} is not a block of keys", "write keys and values, like `key: value`"
        )
        return None

    def items(self, key: str) -> list[Node]:
        """The items of the list at `key`."""
        node = self.node(key)
        if node is None:
            return []
        if isinstance(node, Items):
            return node.items
        self.report.add("B007", node.place, f"`{key}` of {self.inner} is not a list", "begin each item with `- `")
        return []

    def unasked(self) -> dict[str, Node]:
        """The keys that nobody asked for, so far."""
        return {key: node for key, node in self.table.entries.items() if key not in self._asked}

    def finish(self, *, code: str = "B008") -> None:
        """Report each key that nobody asked for."""
        for key in self.unasked():
            self.report.add(code, self.at(key), f"{self.what} has no key `{key}`", choose(key, tuple(self._asked)))

    def _text(self, node: Node, key: str) -> str:
        if isinstance(node, Text):
            return node.text.strip()
        self.report.add("B007", node.place, f"`{key}` of {self.inner} is not a text", f"write `{key}: ...` on one line")
        return ""
