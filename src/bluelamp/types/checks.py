"""Check letters and check digits: each function says whether a normalised identifier passes its own check."""

from collections.abc import Callable

#: remainder 0 is Z, 1 is A, ... 22 is Y; I, O and S are never check letters
MOD23_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"

#: ISO 3779: the number that each letter of a vehicle identification number stands for
VIN_NUMBERS = {
    **{str(digit): digit for digit in range(10)},
    **dict(
        zip(
            "ABCDEFGHJKLMNPRSTUVWXYZ",
            (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9),
            strict=True,
        )
    ),
}
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)

#: a GB driver number adds this to the month of a woman's birth
WOMEN = 50
MONTHS, DAYS = range(1, 13), range(1, 32)

#: two-digit years of CRO numbers of minor offenders (SF) whose check leaves the year out
SF_YEARS_LEFT_OUT = range(39, 65)


def mod23(digits: str) -> str:
    """The check letter of a number."""
    return MOD23_LETTERS[int(digits) % 23]


def pnc_id(value: str) -> bool:
    """PNC ID `CCYY/NNNNNNND`: the letter of YY and the seven digits."""
    year, rest = value.split("/")
    return mod23(year[2:] + rest[:7]) == rest[7]


def cro(value: str) -> bool:
    """CRO number: the letter of year and serial; `SFYY/N..D` pads the serial to five, and to six before 1965."""
    if not value.startswith("SF"):
        serial, rest = value.split("/")
        return mod23(rest[:2] + serial.zfill(6)) == rest[2]
    year, rest = value[2:].split("/")
    serial = rest[:-1]
    base = serial.zfill(6) if int(year) in SF_YEARS_LEFT_OUT else year + serial.zfill(5)
    return mod23(base) == rest[-1]


def asn(value: str) -> bool:
    """Arrest/summons number: the letter of force, system, year and serial; the station is left out."""
    year, force = value[:2], value[-18:-16]
    system, serial = value[-14:-12], value[-12:-1]
    return mod23(force + system + year + serial) == value[-1]


def ccrn(value: str) -> bool:
    """Court case reference `YY/CCCC/NNNNNND`: the letter of all digits; a court code with letters has no check."""
    digits = value.replace("/", "")
    return not digits[:-1].isdigit() or mod23(digits[:-1]) == digits[-1]


def nhs(value: str) -> bool:
    """NHS number: modulus 11 with weights 10 to 2; a result of 10 means that no such number exists."""
    total = sum(int(digit) * weight for digit, weight in zip(value, range(10, 1, -1), strict=False))
    expected = (11 - total % 11) % 11
    return expected == int(value[9])


def luhn(value: str) -> bool:
    """IMEI, ICCID and bank cards: every second digit from the right doubled, the digit sum a multiple of ten."""
    doubled = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
    digits = [int(digit) for digit in reversed(value)]
    return (sum(digits[::2]) + sum(doubled[digit] for digit in digits[1::2])) % 10 == 0


def vin_na(value: str) -> bool:
    """Vehicle identification number: modulus 11 in the ninth place, which only North America demands."""
    total = sum(VIN_NUMBERS[character] * weight for character, weight in zip(value, VIN_WEIGHTS, strict=True))
    return value[8] == "0123456789X"[total % 11]


def driving_licence(value: str) -> bool:
    """GB driver number: its month (women plus 50) and day must exist."""
    month = int(value[6:8])
    return (month in MONTHS or month - WOMEN in MONTHS) and int(value[8:10]) in DAYS


def iban(value: str) -> bool:
    """IBAN: country and check digits moved to the end, letters as numbers from A = 10, modulus 97 is 1."""
    return int("".join(str(int(character, 36)) for character in value[4:] + value[:4])) % 97 == 1


#: by the name that `identifiers.json` gives
CHECKS: dict[str, Callable[[str], bool]] = {
    "pnc_id": pnc_id,
    "cro": cro,
    "asn": asn,
    "ccrn": ccrn,
    "nhs": nhs,
    "luhn": luhn,
    "vin_na": vin_na,
    "driving_licence": driving_licence,
    "iban": iban,
}
