"""How numbers of documents and accounts are shown."""

import pytest

from bluelamp.types import Iban, NhsNumber, Nino, SortCode
from bluelamp.types.identifier import Identifier


@pytest.mark.parametrize(
    ("kind", "raw", "shown"),
    [
        (Nino(), "aa000003d", "AA 00 00 03 D"),
        (NhsNumber(), "9990000018", "999 000 0018"),
        (Iban(), "GB29NWBK60161331926819", "GB29 NWBK 6016 1331 9268 19"),
        (SortCode(), "123456", "12-34-56"),
    ],
)
def test_a_number_is_shown_in_the_groups_that_people_know(kind: Identifier, raw: str, shown: str) -> None:
    value = kind.clean(raw).value
    assert value
    assert kind.show(value) == shown
    assert kind.clean(shown).value == value
