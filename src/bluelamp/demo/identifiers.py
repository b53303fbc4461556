"""Numbers with right check letters, made by the million."""

import numpy as np
import polars as pl

from bluelamp.demo.plan import Ints

MOD23 = np.array(list("ZABCDEFGHJKLMNPQRTUVWXY"))
#: Ofcom's range for drama is 07700 900000 to 900999; the whole 07700 9 block follows it, then 07610 and on,
#: which the national numbering plan has given to nobody
DRAMA, DRAMA_SIZE, UNUSED = 7_700_900_000, 100_000, 7_610_000_000
TAG = np.array(list("ABCDEFGHJKLMNOPRSTUVWXY"))
SUFFIX = np.array(list("ABCDEFGHJKLMNOPRSTUVWXYZ"))


def letter(number: Ints) -> pl.Series:
    """The modulus 23 check letter of each number."""
    return pl.Series(MOD23[number % 23])


def padded(number: Ints, width: int) -> pl.Series:
    """Each number as text with leading zeroes."""
    return pl.Series(number).cast(pl.String).str.zfill(width)


def pnc(year: Ints, serial: Ints) -> pl.Series:
    """PNC IDs: `2008/0056560Z`."""
    return padded(year, 4) + "/" + padded(serial, 7) + letter(year % 100 * 10**7 + serial)


def cro(year: Ints, serial: Ints) -> pl.Series:
    """CRO numbers: `123456/85V`."""
    return padded(serial, 1) + "/" + padded(year % 100, 2) + letter(year % 100 * 10**6 + serial)


def asn(year: Ints, station: pl.Series, serial: Ints) -> pl.Series:
    """Arrest/summons numbers of force 99, system 01: `26/99NG/01/00000001234L`."""
    check = letter(((99 * 100 + 1) * 100 + year % 100) * 10**11 + serial)
    return padded(year % 100, 2) + "/99" + station + "/01/" + padded(serial, 11) + check


def nino(number: Ints) -> pl.Series:
    """National Insurance numbers under prefixes that nobody was given."""
    prefix = pl.Series(np.array(["XY", "XP", "YX", "YP"])[number % 4])
    return prefix + padded(number // 4 % 10**6, 6) + pl.Series(np.array(list("ABCD"))[number // 4_000_000 % 4])


def phone(number: Ints) -> pl.Series:
    """The ten national digits of each phone, without the 0."""
    return pl.Series(np.where(number < DRAMA_SIZE, DRAMA + number, UNUSED + number)).cast(pl.String)


def luhn(body: Ints) -> pl.Series:
    """14-digit numbers with their Luhn digit added: IMEIs."""
    total = np.zeros(len(body), np.int64)
    for place in range(14):
        digit = body // 10**place % 10 * (2 if place % 2 == 0 else 1)
        total += digit - 9 * (digit > 9)
    return padded(body * 10 + (10 - total % 10) % 10, 15)


def marks(chance: np.random.Generator, year: Ints, month: Ints) -> pl.Series:
    """Different registration marks of the current shape, under the letters T and U that no office uses."""
    number = chance.integers(0, 46 * 24**3, len(year))
    age = np.where((month >= 3) & (month < 9), year % 100, np.where(month >= 9, year % 100 + 50, (year - 1) % 100 + 50))
    while len(again := repeated(age * 10**7 + number)):
        number[again] = chance.integers(0, 46 * 24**3, len(again))
    tag = pl.Series(np.array(["T", "U"])[number % 2]) + pl.Series(TAG[number // 2 % 23])
    rest = number // 46
    ending = [pl.Series(SUFFIX[rest // 24**place % 24]) for place in range(3)]
    return tag + padded(age, 2) + ending[0] + ending[1] + ending[2]


def repeated(values: Ints) -> Ints:
    """Where a value stands that stood before."""
    order = np.argsort(values, kind="stable")
    same = np.flatnonzero(values[order][1:] == values[order][:-1]) + 1
    return order[same]
