"""Identifiers as people type them: with spaces, in the national form, with a part left out."""

import re

#: parts of a typed identifier that are joined at most
LONGEST = 7

_SPACED = tuple(
    re.compile(pattern)
    for pattern in (
        r"\+?[\d?]{2,5}( [\d?]{2,9}){1,6}",  # phone, NHS, IMEI, card: groups of digits
        r"\(?\+?\d{2,5}\)?( \(\d+\))?( [\d?]{2,9}){1,5}",
        r"[A-Z?]{2}[\d?]{2} [A-Z?]{3}",  # registration mark, current style
        r"[A-Z?][\d?]{1,3} [A-Z?]{3}",  # prefix style
        r"[A-Z?]{3} [\d?]{1,3}[A-Z?]",  # suffix style
        r"[A-Z]{1,3} \d{1,4}|\d{1,4} [A-Z]{1,3}",  # dateless and Northern Irish
        r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}",  # postcode
        r"[A-Z]{2}( \d{2}){3} [A-D]",  # National Insurance number
        r"SF ?\d{2}/\d{1,6}[A-Z]",  # criminal record, short form
        r"\d{2,4} ?/ ?\d{1,7} ?[A-Z]",  # PNC and criminal record numbers
        r"[A-Z]{2,6} \d{3,10}(/\d{2,4})?",  # a system's name and number: CAD 1234/24
    )
)
_STARTED = re.compile(r"\+?\d{2,5}( \d{1,9}){0,5}\*|[A-Z]{2}\d{2} [A-Z]{1,2}\*|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]?\*")
_DIGITS_AT_LEAST = 6

_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def squeezed(text: str) -> str:
    """The text as the index holds identifiers: upper case, only A to Z and 0 to 9."""
    return re.sub(r"[^A-Za-z0-9]", "", text).upper()


def is_spaced(parts: list[str]) -> bool:
    """Whether words typed one after the other are probably one identifier."""
    text = " ".join(parts).upper()
    if text.endswith("*"):
        return bool(_STARTED.fullmatch(text))
    if not any(shape.fullmatch(text) for shape in _SPACED):
        return False
    return not re.fullmatch(r"[\d ?]+", text) or len(text.replace(" ", "")) >= _DIGITS_AT_LEAST


def spellings(text: str) -> tuple[str, ...]:
    """Every form in which the index may hold what was typed: as it stands, a phone number with its
    country, a day with its year first. `?` and `*` stay.
    """
    kept = re.sub(r"[^A-Za-z0-9?*]", "", text).upper()
    forms = [kept] if kept.strip("?*") else []
    forms += [form for form in _phone(text, kept) if form not in forms]
    if found := _DATE.fullmatch(text.strip()):
        forms.append(f"{found[3]}{int(found[2]):02}{int(found[1]):02}")
    return tuple(forms)


def _phone(text: str, kept: str) -> list[str]:
    if not re.fullmatch(r"[\d?]{3,}\*?", kept):
        return []
    if text.strip().startswith("+"):
        return ["44" + kept[3:]] if kept.startswith("440") else []
    if kept.startswith("00"):
        return [kept[2:]]
    return ["44" + kept[1:]] if kept.startswith("0") else []
