import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.demo import mess
from tests.demo.reading import Town

WORDS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzŁłéö0123456789 -'", min_size=1, max_size=20)
LUCK = st.floats(0, 1, exclude_max=True)


@given(WORDS, LUCK, LUCK)
def test_no_slip_leaves_nothing_behind(value: str, one: float, other: float) -> None:
    for change in (
        mess.typo,
        mess.by_ear,
        mess.variant,
        mess.nickname,
        mess.initial,
        mess.digits,
        mess.misread,
        mess.mojibake,
    ):
        assert change(value, one, other)


def test_altering_leaves_the_given_series_as_it_was() -> None:
    text = pl.Series(["Mohammed", "Smith", None])
    changed = mess.alter(np.random.default_rng(1), text, np.array([True, True, True]), mess.initial)
    assert changed.to_list() == ["M", "S", None]
    assert text.to_list() == ["Mohammed", "Smith", None]


def test_accents_are_lost_as_old_systems_lose_them() -> None:
    assert mess.plain(pl.Series(["Łukasz Wójcik", "Yılmaz", "Gonçalves"])).to_list() == [
        "Lukasz Wojcik",
        "Yilmaz",
        "Goncalves",
    ]
    assert mess.mojibake("José", 0, 0) == "JosÃ©"


def test_one_name_is_written_in_several_ways(town: Town) -> None:
    people = town.truth("people").filter(pl.col("given") == "Mohammed").select("person")
    told = town.told("person", "crimes", "suspect").join(people, left_on="entity", right_on="person")
    ways = set(told["Suspect Forename"].drop_nulls())
    assert "Mohammed" in ways
    assert ways & {"Muhammad", "Mohamed", "Mohammad", "Muhammed", "Md", "Mo"}


def test_names_are_turned_round_and_maiden_names_given(town: Town) -> None:
    told = town.told("person", "crimes", "victim").join(town.truth("people"), left_on="entity", right_on="person")
    assert (
        told.filter(
            (pl.col("Victim Forename") == pl.col("surname")) & (pl.col("Victim Surname") == pl.col("given"))
        ).height
        > 5
    )
    assert told.filter(pl.col("Victim Surname") == pl.col("former_surname")).height > 5


def test_birth_dates_are_swapped_left_out_filled_in_and_numbered(town: Town) -> None:
    told = town.told("person", "crimes", "victim").join(town.truth("people"), left_on="entity", right_on="person")
    written, true = told["Victim DOB"], told["born"].dt.strftime("%d/%m/%Y")
    swapped = told["born"].dt.strftime("%m/%d/%Y")
    assert 0.9 < (written == true).mean() < 0.97
    assert ((written == swapped) & (written != true)).sum() > 10
    assert (written == "01/01/1900").sum() > 5
    assert written.str.contains(r"^\d{5}$").sum() > 10
    assert written.null_count() > 50


def test_linkage_is_harder_for_some_origins_than_for_others(town: Town) -> None:
    told = town.told("person", "crimes", "victim").join(town.truth("people"), left_on="entity", right_on="person")
    told = told.with_columns(
        right=(pl.col("Victim Forename") == pl.col("given")) & (pl.col("Victim Surname") == pl.col("surname"))
    )
    right = dict(told.group_by("name_origin").agg(pl.col("right").mean()).iter_rows())
    assert right["British"] > right["East African"] + 0.05


def test_some_rows_stand_twice_and_some_cells_are_broken(town: Town) -> None:
    crimes = town.rows("crimes").filter(~pl.col("_file").str.contains("copy"))
    assert crimes["Crime Ref"].is_duplicated().sum() >= 20
    assert crimes["MO"].str.contains("\n").sum() > 10
    assert any("Ã" in name or "Å" in name or "Ä" in name for name in crimes["Victim Surname"].drop_nulls())


def test_plates_are_misread_and_one_mark_rides_on_two_vehicles(town: Town) -> None:
    vehicles = town.truth("vehicles")
    reads = town.told("vehicle", "anpr", "vehicle")
    own = reads.join(vehicles, left_on="entity", right_on="vehicle")
    assert 0.005 < (own["plate"] != own["vrm"]).mean() < 0.03
    clones = set(vehicles.filter(pl.col("clone") >= 0)["clone"])
    assert clones & set(reads["entity"])


def test_phone_numbers_are_written_in_every_way(town: Town) -> None:
    calls = town.rows("calls")["a_number"]
    assert all(calls.str.starts_with(start).any() for start in ("0770", "447", "+447", "00447"))
    victims = town.rows("crimes")["Victim Phone"].drop_nulls()
    assert victims.str.contains(" ").any()
    assert victims.str.contains("-").any()
