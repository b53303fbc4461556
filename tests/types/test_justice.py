"""References of the criminal justice system, beyond the examples of their rules."""

from bluelamp.types import Asn, CpsUrn, Cro, PncId


def test_a_short_pnc_id_is_refused_because_its_century_is_lost() -> None:
    for short in ("99/123P", "99/0000123P"):
        cleaned = PncId().clean(short)
        assert cleaned.value is None
        assert cleaned.issue is not None
        assert cleaned.issue.code == "short_form"


def test_an_sf_number_of_after_1995_is_refused_by_name() -> None:
    cleaned = Cro().clean("SF96/54321Z")
    assert cleaned.value is None
    assert cleaned.issue is not None
    assert cleaned.issue.code == "sf_year"


def test_the_serial_of_a_divided_arrest_number_is_filled_with_noughts() -> None:
    assert Asn().clean("93/52HQ/01/123456N").value == "9352HQ0100000123456N"
    assert Asn().show("9352HQ0100000123456N") == "93/52HQ/01/00000123456N"


def test_a_case_reference_is_shown_in_its_parts() -> None:
    assert CpsUrn().show("01MP1234524") == "01/MP/12345/24"
