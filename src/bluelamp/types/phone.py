"""Telephone numbers in E.164 form."""

import re
from typing import Self

from bluelamp.errors import DeclarationError
from bluelamp.types import fast
from bluelamp.types.grammar import Cleaned, Issue
from bluelamp.types.identifier import LONGEST, Identifier
from bluelamp.types.wording import is_filler

#: letters may stand only before an extension
_EXTENSION = re.compile(r"\s*(?:extension|ext|x|#)\.?\s*(\d{1,6})\s*$", re.ASCII | re.IGNORECASE)
_DIALLED = re.compile(r"\+?\d{3,20}", re.ASCII)
_GB = re.compile(r"\+44[1237]\d{9}", re.ASCII)

#: ends of what systems and people write where no number is known
NO_NUMBER = ("00000000", "1234567890")
#: last seven digits that look invented
REPEATED = tuple(str(digit) * 7 for digit in range(10))


class Phone(Identifier):
    """A telephone number. National forms are read as British, or of the country that `format: PL` in a source says."""

    key = "phone_e164"
    nothing = rf".*(?:{'|'.join('[ /().-]*'.join(number) for number in NO_NUMBER)})[ /().-]*"

    def __init__(self, country: str | None = None) -> None:
        self.country = country

    @classmethod
    def declared(cls) -> Self:
        return cls("GB")

    def formatted(self, format: str) -> Self:
        """The same type reading national numbers of another country, by its two letters."""
        import phonenumbers  # noqa: PLC0415 (as below)

        if format not in phonenumbers.SUPPORTED_REGIONS:
            raise DeclarationError(
                f"The format `{format}` of a telephone number is no country; write its two capitals, such as PL"
            )
        return type(self)(format)

    def refused(self, value: str = "") -> Cleaned:  # noqa: ARG002 (as in every identifier)
        """What is no telephone number is cleaned to."""
        where = f" of {self.country}" if self.country else ""
        elsewhere = "another country's begins with + or 00, or has its `format` declared"
        message = f"This is not a telephone number{where}; {elsewhere}"
        return Cleaned(None, Issue("format", message))

    def clean(self, raw: str) -> Cleaned:
        text = raw.strip()
        if not text:
            return Cleaned(None)
        if len(text) > LONGEST:
            return self.refused()
        if is_filler(text):
            return self._filler()
        number, extension = self._dialled(text)
        if not _DIALLED.fullmatch(number):
            return self.refused()
        if not number.startswith("+") and self.country is None:
            message = "A national number needs its country; declare it, or write the number with + and country code"
            return Cleaned(None, Issue("no_country", message))
        value = number if _GB.fullmatch(number) else self._international(number)
        return self._judge_number(value, extension) if value else self.refused()

    def _dialled(self, text: str) -> tuple[str, str]:
        """The number with digits alone, in international form where that is plain, and its extension."""
        found = _EXTENSION.search(text)
        number = self.normal(text[: found.start()] if found else text)
        if number.startswith("00"):
            number = "+" + number[2:]
        if self.country == "GB" and re.fullmatch(r"0[1237]\d{9}", number, re.ASCII):
            number = "+44" + number[1:]
        return number, found[1] if found else ""

    def _international(self, number: str) -> str | None:
        """E.164 form of a number that has a possible length for its country."""
        import phonenumbers  # noqa: PLC0415 (large, and a run with nothing new need not wait for it)

        try:
            parsed = phonenumbers.parse(number, self.country)
        except phonenumbers.NumberParseException:
            return None
        if phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE:
            return None
        value = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        short_mobile = value.startswith("+447") and not _GB.fullmatch(value)
        return value if self.pattern.fullmatch(value) and not short_mobile else None

    def _judge_number(self, value: str, extension: str) -> Cleaned:
        if value.endswith(NO_NUMBER):
            return self._filler()
        if value.endswith(REPEATED):
            return Cleaned(
                value, Issue("repeated", "The last seven digits are all the same: perhaps not a real number")
            )
        if extension:
            return Cleaned(
                value, Issue("extension", f"The extension {extension} is not part of the number that is kept")
            )
        return Cleaned(value)

    def _filler(self) -> Cleaned:
        return Cleaned(None, Issue("filler", "This stands for a number that is not known; leave it blank instead"))

    def sql(self, raw: str) -> str | None:
        number = STEP_OUT.format(raw=raw)
        endings = (REPEATED, NO_NUMBER[1:])
        real = " AND ".join(f"NOT {fast.within(f'right({number}, {len(each[0])})', each)}" for each in endings)
        cases = [(f"{fast.matches(number, '[+]44[1237][0-9]{9}')} AND {real}", number)]
        if self.country == "GB":
            national = f"{fast.matches(number, '0[1237][0-9]{9}')} AND {real}"
            cases.append((national, f"'+44' || substr({number}, 2)"))
        return fast.choose(raw, *cases)

    def show(self, value: str) -> str:
        """`020 7946 0123` for numbers of the country declared, `+33 1 23 45 67 89` for others."""
        import phonenumbers  # noqa: PLC0415 (as above)

        try:
            parsed = phonenumbers.parse(value)
        except phonenumbers.NumberParseException:
            return value
        home = phonenumbers.region_code_for_country_code(parsed.country_code or 0) == self.country
        form = phonenumbers.PhoneNumberFormat
        return phonenumbers.format_number(parsed, form.NATIONAL if home else form.INTERNATIONAL)

    def shown_sql(self, value: str) -> str:
        """Of British mobiles only: the area codes of other numbers have many lengths."""
        if self.country != "GB":
            return value
        return rf"regexp_replace({value}, '^[+]44(7[1-57-9][0-9]{{2}})([0-9]{{6}})$', '0\1 \2')"


#: SQL of a number without the punctuation that `normal` takes out
STEP_OUT = "translate({raw}, ' /().-', '')"
