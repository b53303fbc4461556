"""References of the criminal justice system: people, arrests, cases, crimes and offences."""

import re

from bluelamp.types.dating import century_as_of, of_century
from bluelamp.types.grammar import Cleaned, Issue
from bluelamp.types.identifier import Identifier

_SHORT_PNC = re.compile(r"(\d{2})/(\d{1,7})([A-HJ-NP-RT-Z])", re.ASCII)
#: digits of a PNC ID after its year
SERIAL = 7
_LATE_SF = re.compile(r"SF(9[6-9]|[0-2]\d)/\d{1,6}[A-Z]", re.ASCII)
_DIVIDED_ASN = re.compile(r"(\d{2})/(\d{2,3}[A-Z0-9]{2})/(\d{2})/(\d{1,11})([A-Z])", re.ASCII)


class PncId(Identifier):
    """Police National Computer number of a person.

    The short form has lost its century, which its check letter leaves out: it is the latest that is not in the future.
    """

    key = "pnc_id"

    def refused(self, value: str = "") -> Cleaned:
        short = _SHORT_PNC.fullmatch(value)
        if not short:
            return super().refused(value)
        year, serial, letter = short.groups()
        whole = self.judge(f"{of_century(int(year), {})}/{serial.zfill(SERIAL)}{letter}")
        doubt = Issue(
            "century", "A short PNC ID does not say its century; the latest that is not in the future was taken"
        )
        return Cleaned(whole.value, whole.issue or doubt)

    def as_of(self, value: str, day: str) -> str:
        return century_as_of(value, f"left({day}, 4) || '/~'")


class Cro(Identifier):
    """Criminal Records Office number; SF numbers were given out up to 1995."""

    key = "cro"

    def refused(self, value: str = "") -> Cleaned:
        if not _LATE_SF.fullmatch(value):
            return super().refused(value)
        return Cleaned(None, Issue("sf_year", "The year of an SF number runs from 39 to 95; check it against the file"))


class Asn(Identifier):
    """Arrest/summons number; a serial between strokes may be short, then it is filled with zeroes."""

    key = "asn"

    def normal(self, text: str) -> str:
        if divided := _DIVIDED_ASN.fullmatch("".join(text.upper().split())):
            year, force, system, serial, letter = divided.groups()
            text = f"{year}{force}{system}{serial.zfill(11)}{letter}"
        return super().normal(text)

    def show(self, value: str) -> str:
        return f"{value[:2]}/{value[2:-14]}/{value[-14:-12]}/{value[-12:]}"


class CourtCase(Identifier):
    """Reference of a case at court."""

    key = "ccrn"


class CpsUrn(Identifier):
    """Reference that police and prosecutors share for one case."""

    key = "cps_urn"

    def show(self, value: str) -> str:
        return f"{value[:2]}/{value[2:4]}/{value[4:9]}/{value[9:]}"


class OffenceCode(Identifier):
    """CJS offence code, as charged."""

    key = "cjs_offence_code"


class HoClassification(Identifier):
    """Home Office classification, as counted."""

    key = "ho_classification"


class NsirCode(Identifier):
    """How an incident was opened or closed (National Standard for Incident Recording)."""

    key = "nsir_code"


class CrimeReference(Identifier):
    """Crime reference as London writes it; elsewhere use Reference."""

    key = "met_crime_ref"


class CollarNumber(Identifier):
    """Shoulder number of an officer; not unique, even within a force."""

    key = "collar_number"


class WarrantNumber(Identifier):
    """Warrant number of an officer."""

    key = "met_warrant_number"
