import polars as pl
import pytest

from bluelamp.demo.names import CULTURES
from tests.demo.reading import Town

#: (object type, source, record) -> a column that is there where the record is
RECORDS = {
    ("person", "crimes", "victim"): "Victim Surname",
    ("person", "crimes", "suspect"): "Suspect Surname",
    ("person", "crimes", "suspect_2"): "Suspect 2 Surname",
    ("person", "custody", "detainee"): "Surname",
    ("person", "intelligence", "subject"): "subject_surname",
    ("person", "intelligence", "associate"): "associate_surname",
    ("person", "stops", "searched"): "Name",
    ("person", "incidents", "caller"): "Caller Name",
    ("person", "keepers", "keeper"): "SURNAME",
    ("person", "missing", "missing"): "person.family_name",
    ("person", "staff", "officer"): "Surname",
    ("vehicle", "anpr", "vehicle"): "plate",
    ("vehicle", "keepers", "vehicle"): "VRM",
    ("vehicle", "crimes", "vehicle"): "Vehicle Reg",
    ("phone", "calls", "caller"): "a_number",
    ("phone", "calls", "called"): "b_number",
    ("phone", "custody", "phone"): "Phone",
    ("location", "crimes", "place"): "Address",
    ("location", "anpr", "camera"): "camera",
}


@pytest.mark.parametrize(("kind", "source", "record"), RECORDS)
def test_the_truth_tells_of_every_row_that_has_the_record(town: Town, kind: str, source: str, record: str) -> None:
    column = RECORDS[kind, source, record]
    present = town.rows(source).filter(pl.col(column).is_not_null()).select("_file", "_row")
    told = town.told(kind, source, record).select("_file", "_row")
    assert present.join(told, on=["_file", "_row"], how="anti").height == 0
    assert told.height == told.unique().height


def test_rejected_rows_are_those_that_the_truth_calls_unreadable(town: Town) -> None:
    for source in town.workspace.sources:
        town.rows(source)
    said = {file[0]: sorted(rows["row"]) for file, rows in town.truth("rejects").group_by("file")}
    assert said == {file: sorted(rows) for file, rows in town.rejects.items() if rows}
    assert set(town.truth("rejects")["kind"]) == {"too many fields", "too few fields", "cut off"}


def test_origins_are_spread_like_those_of_a_london_borough(town: Town) -> None:
    people = town.truth("people")
    shares = dict(people.group_by("name_origin").len().with_columns(pl.col("len") / people.height).iter_rows())
    assert set(shares) == {origin for origin, _ in CULTURES.values()}
    assert len(shares) == 13
    assert 0.35 < shares["British"] < 0.5
    assert shares["South Asian Muslim"] == pytest.approx(0.11, abs=0.03)
    assert all(share > 0.005 for share in shares.values())


def test_ethnicity_goes_with_origin_but_does_not_follow_from_it(town: Town) -> None:
    people = town.truth("people").filter(pl.col("name_origin") == "Caribbean")
    codes = people["ethnicity_self"]
    assert 0.6 < (codes == "B1").mean() < 0.85
    assert codes.n_unique() > 4


def test_being_suspected_does_not_depend_on_origin(town: Town) -> None:
    people = town.truth("people").with_columns(suspected=pl.col("pnc_id").is_not_null())
    shares = people.group_by("name_origin").agg(pl.col("suspected").mean(), pl.len()).filter(pl.col("len") > 150)
    assert shares["suspected"].max() - shares["suspected"].min() < 0.08


def test_there_are_families_twins_namesakes_moves_and_shared_phones(town: Town) -> None:
    people = town.truth("people")
    twins = people.filter(pl.struct("household", "born").is_duplicated() & (pl.col("role_at_home") == "child"))
    assert twins.height > 10
    namesakes = (
        people.group_by("given", "surname", "born").agg(pl.col("household").n_unique()).filter(pl.col("household") > 1)
    )
    assert namesakes.height >= 2
    assert town.truth("homes")["moved"].is_not_null().mean() > 0.1
    users = town.truth("phone_users").filter(pl.col("phone") >= 0)
    assert users["phone"].is_duplicated().mean() > 0.03
    assert set(town.truth("links")["kind"]) == {"family", "household", "group"}


def test_burglaries_of_a_series_are_near_in_place_and_rise_in_time(town: Town) -> None:
    crimes = town.truth("crimes").filter(pl.col("series") >= 0).join(town.truth("places"), on="place")
    series = crimes.group_by("series").agg(
        pl.len(),
        pl.col("lat").std().alias("spread"),
        pl.col("offender").n_unique(),
        (pl.col("reported").max() - pl.col("reported").min()).dt.total_days().alias("days"),
    )
    assert series.height >= 4
    assert series["spread"].median() < 0.006
    assert series["days"].max() < 70
    assert series["offender"].max() == 1


def test_people_are_victims_here_and_suspects_there(town: Town) -> None:
    crimes = town.truth("crimes")
    both = set(crimes.filter(pl.col("named"))["offender"]) & set(crimes["victim"])
    assert len(both) > 50


def test_what_the_types_refuse_is_only_what_was_meant_to_be_wrong(town: Town) -> None:
    meant = {
        "date_of_birth",
        "given_name",
        "middle_name",
        "surname",
        "alias",
        "pnc_id",
        "cro",
        "asn",
        "vrm",
        "number",
        "postcode",
    }
    for source in town.workspace.sources.values():
        rows = town.rows(source.name)
        for record in source.records:
            for name, value in record.set.items():
                if name in meant or value.kind != "column" or value.codes:
                    continue
                kind = record.type.properties[name].type
                kind = kind.formatted("|".join(value.formats)) if value.formats else kind
                wrong = [
                    each
                    for each in rows[value.columns[0]].drop_nulls().unique()[:300]
                    if kind.clean(each).value is None
                ]
                assert wrong == [], (source.name, record.name, name)
