import re

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.demo import identifiers
from tests.demo.reading import Town

LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"


def one(value: int) -> np.ndarray:
    return np.array([value], dtype=np.int64)


def check(number: str) -> str:
    return LETTERS[int(number) % 23]


def test_ID_1_the_examples_of_the_standard_come_out_as_printed() -> None:
    assert identifiers.pnc(one(2008), one(56560))[0] == "2008/0056560Z"
    assert identifiers.pnc(one(2099), one(123))[0] == "2099/0000123P"
    assert identifiers.cro(one(1985), one(123456))[0] == "123456/85V"
    assert identifiers.luhn(one(49015420323751))[0] == "490154203237518"


@given(st.integers(1975, 2026), st.integers(1, 9_999_999))
def test_ID_1_every_pnc_id_has_its_check_letter(year: int, serial: int) -> None:
    made = identifiers.pnc(one(year), one(serial))[0]
    assert made == f"{year}/{serial:07}{check(f'{year % 100:02}{serial:07}')}"


@given(st.integers(2024, 2026), st.integers(1, 10**11 - 1))
def test_ID_1_every_arrest_number_has_its_check_letter(year: int, serial: int) -> None:
    made = identifiers.asn(one(year), pl.Series(["NG"]), one(serial))[0]
    assert made == f"{year % 100}/99NG/01/{serial:011}{check(f'9901{year % 100}{serial:011}')}"


def test_registration_marks_are_all_different_and_of_a_shape_that_nobody_is_given() -> None:
    many = np.full(20_000, 2020)
    made = identifiers.marks(np.random.default_rng(1), many, np.full(20_000, 5))
    assert made.n_unique() == 20_000
    assert made.str.contains(r"^[TU][A-HJ-PR-Y]20[A-HJ-PR-Z]{3}$").all()


def test_ID_1_true_identifiers_are_valid_and_slips_are_rare(town: Town) -> None:
    people = town.truth("people")
    assert all(row[5:] == row[5:12] + check(row[2:4] + row[5:12]) for row in people["pnc_id"].drop_nulls())
    assert people["pnc_id"].drop_nulls().is_unique().all()
    written = town.rows("custody")["PNC ID"].drop_nulls()
    whole = [each for each in written if re.fullmatch(r"(19|20)\d{2}/\d{7}[A-Z]", each)]
    wrong = [each for each in whole if check(each[2:4] + each[5:12]) != each[12]]
    assert 0 < len(wrong) < len(whole) * 0.03


def test_two_people_share_a_pnc_id_now_and_then(town: Town) -> None:
    told = town.told("person", "custody", "detainee").join(town.truth("people"), left_on="entity", right_on="person")
    others = set(town.truth("people")["pnc_id"].drop_nulls())
    foreign = told.filter(pl.col("PNC ID").is_in(list(others)) & (pl.col("PNC ID") != pl.col("pnc_id")))
    assert 1 <= foreign.height <= 8


def test_phones_and_postcodes_are_of_ranges_that_nobody_uses(town: Town) -> None:
    assert town.truth("phones")["number"].str.contains(r"^\+4477009\d{5}$").all()
    assert town.truth("phones")["number"].is_unique().all()
    assert town.truth("places")["postcode"].str.contains(r"^[NSW]X\d{1,2} \d[ABD-HJLNP-UW-Z]{2}$").all()
    beyond = identifiers.phone(one(identifiers.DRAMA_SIZE))
    assert beyond[0] == "7610100000"
