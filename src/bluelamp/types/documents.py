"""Numbers of documents and accounts that people hold."""

from bluelamp.types.identifier import Identifier


class Nino(Identifier):
    """National Insurance number."""

    key = "nino"

    def show(self, value: str) -> str:
        return " ".join(value[start : start + 2] for start in range(0, len(value), 2))


class NhsNumber(Identifier):
    """NHS number: health data, so sensitive processing."""

    key = "nhs_number"

    def show(self, value: str) -> str:
        return f"{value[:3]} {value[3:6]} {value[6:]}"


class Passport(Identifier):
    """Number of a UK passport; for others use Reference."""

    key = "uk_passport"


class DrivingLicence(Identifier):
    """GB driver number, which itself says surname, birth date and sex."""

    key = "uk_driving_licence"


class Iban(Identifier):
    """International bank account number."""

    key = "iban"

    def show(self, value: str) -> str:
        return " ".join(value[start : start + 4] for start in range(0, len(value), 4))


class SortCode(Identifier):
    """Sort code of a UK bank branch."""

    key = "uk_sort_code"

    def show(self, value: str) -> str:
        return f"{value[:2]}-{value[2:4]}-{value[4:]}"
