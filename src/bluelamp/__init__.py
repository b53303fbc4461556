"""Blue Lamp: an open, accountable data platform for a police force.

>>> import bluelamp
>>> session = bluelamp.open("my-force").session(user="you", purpose="investigation", reason="Op Ash")
>>> session.search("john smith")
>>> session.table("Person").pandas()
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bluelamp.session.force import open as open

__all__ = ["open"]


def __getattr__(name: str) -> Any:
    # every module of the package imports this one first, so the door is loaded only when it is asked for
    if name == "open":
        from bluelamp.session.force import open as opened  # noqa: PLC0415 (see above)

        return opened
    raise AttributeError(name)
