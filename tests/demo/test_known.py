import polars as pl

from tests.demo.reading import Town


def test_the_known_person_has_records_in_several_sources_under_several_spellings(town: Town) -> None:
    person = town.known["person"]
    records = person["records"]
    assert len({each["source"] for each in records}) >= 2
    assert len({(each["given"], each["surname"].upper()) for each in records}) >= 2
    assert {"victim", "suspect"} <= {each["record"] for each in records}


def test_known_records_stand_where_known_says(town: Town) -> None:
    for each in town.known["person"]["records"]:
        row = town.rows(each["source"]).filter((pl.col("_file") == each["file"]) & (pl.col("_row") == each["row"]))
        assert each["key"] in row.row(0)
        assert each["given"] in row.row(0)


def test_the_secret_person_is_told_of_in_sensitive_reports_only(town: Town) -> None:
    secret = town.known["secret"]
    rows = town.truth("person").filter(pl.col("entity") == secret["person"])
    assert set(rows["source"]) == {"intelligence"}
    assert {each["marking"] for each in secret["records"]} == {"OFFICIAL-SENSITIVE"}
    assert len(secret["records"]) == rows.height


def test_the_known_pnc_conflict_names_two_people(town: Town) -> None:
    conflict = town.known["pnc_conflict"]
    assert conflict["holder"]["pnc_id"] == conflict["pnc_id"]
    assert conflict["detained"]["person"] != conflict["holder"]["person"]
    assert (
        town.rows("custody").filter(pl.col("Custody No") == conflict["custody_no"])["PNC ID"][0] == conflict["pnc_id"]
    )


def test_the_known_crime_vehicle_phone_and_series_are_in_the_deliveries(town: Town) -> None:
    known = town.known
    crimes = town.rows("crimes")["Crime Ref"]
    assert known["crime"]["reference"] in crimes
    assert known["crime"]["victim"]["person"] != known["crime"]["suspect"]["person"]
    assert set(known["series"]["references"]) <= set(crimes)
    assert len(known["series"]["references"]) >= 5
    assert known["vehicle"]["vrm"].startswith(known["vehicle"]["partial"])
    assert known["vehicle"]["vrm"] in town.rows("anpr")["plate"]
    assert known["phone"]["number"] == "+44" + known["phone"]["national"][1:]
