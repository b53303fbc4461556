"""Numbers of handsets as call data gives them."""

from bluelamp.types import Imei


def test_a_handset_number_without_its_check_digit_is_refused_and_says_how_to_match_it() -> None:
    for raw in ("49015420323751", "4901542032375101"):
        cleaned = Imei().clean(raw)
        assert cleaned.value is None
        assert cleaned.issue is not None
        assert cleaned.issue.code == "no_check_digit"
        assert "14" in cleaned.issue.message
