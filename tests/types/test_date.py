"""Dates: day first, no more exact than they were said (POLE-4)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp import clock
from bluelamp.errors import DeclarationError
from bluelamp.types import Cleaned, Date, Moment
from bluelamp.types.date import bounds, first_day_sql, last_day_sql
from bluelamp.types.dating import PARTS


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2016", "2016"),
        ("2016-06", "2016-06"),
        ("2016-06-03", "2016-06-03"),
        ("03/06/2016", "2016-06-03"),
        ("3/6/2016", "2016-06-03"),
        ("03-06-2016", "2016-06-03"),
        ("03.06.2016", "2016-06-03"),
        ("3 Jun 2016", "2016-06-03"),
        ("Friday, 3rd of June 2016", "2016-06-03"),
        ("03-JUN-2016", "2016-06-03"),
        ("June 3rd, 2016", "2016-06-03"),
        ("Jun. 3 2016", "2016-06-03"),
        ("June 2016", "2016-06"),
        ("06/2016", "2016-06"),
        ("2016/06/03", "2016-06-03"),
        ("2016-06-03 00:00:00", "2016-06-03"),
        ("29/02/2000", "2000-02-29"),
    ],
)
def test_POLE_4_a_date_keeps_the_precision_with_which_it_was_said(raw: str, value: str) -> None:
    cleaned = Date().clean(raw)
    assert (cleaned.value, cleaned.issue) == (value, None)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("13/25/2016", "impossible"),
        ("06/13/2016", "impossible"),
        ("30/02/2016", "impossible"),
        ("2016-13-01", "impossible"),
        ("29/02/1900", "impossible"),
        ("0999-01-01", "impossible"),
        ("03/06/16", "two_digit_year"),
        ("03-Jun-16", "two_digit_year"),
        ("42524", "number"),
        ("20160603", "number"),
        ("soon", "format"),
        ("N/K", "filler"),
        ("03/06-2016", "format"),
    ],
)
def test_POLE_4_what_may_mean_another_day_has_no_value(raw: str, code: str) -> None:
    cleaned = Date().clean(raw)
    assert cleaned.value is None
    assert cleaned.issue is not None
    assert cleaned.issue.code == code


@pytest.mark.parametrize(
    ("raw", "value"),
    [("42524", "2016-06-03"), ("42524.5", "2016-06-03"), ("61", "1900-03-01"), ("60", None), ("9999999", None)],
)
def test_a_spreadsheet_counts_days_where_the_format_says_so(raw: str, value: str | None) -> None:
    assert Date().formatted("excel").clean(raw).value == value
    assert Date().formatted("excel|%d.%m.%Y").clean("03.06.2016").value == "2016-06-03"


def test_the_share_of_a_day_that_a_spreadsheet_counts_is_its_time() -> None:
    counted = Moment().formatted("excel")
    assert counted.clean("42524.432").value == "2016-06-03T10:22:05"
    assert counted.clean("42524").value == "2016-06-03"


@pytest.mark.parametrize("raw", ["1900-01-01", "01/01/1900", "1970-01-01", "1 Jan 1970", "1970-01-01 00:00:00"])
def test_POLE_4_a_default_date_is_kept_and_flagged(raw: str) -> None:
    cleaned = Date().clean(raw)
    assert cleaned.value in {"1900-01-01", "1970-01-01"}
    assert cleaned.issue is not None
    assert cleaned.issue.code == "default_date"


def test_a_time_of_day_that_a_date_cannot_keep_is_said() -> None:
    cleaned = Date().clean("2016-06-03 10:22")
    assert cleaned.value == "2016-06-03"
    assert cleaned.issue is not None
    assert cleaned.issue.code == "time_dropped"


def test_a_declared_format_is_the_only_one_that_is_read() -> None:
    american = Date().formatted("%m/%d/%Y")
    assert american.clean("06/03/2016").value == "2016-06-03"
    assert american.clean("2016-06-03").value is None
    assert american.clean("25/12/2016").value is None


def test_formats_are_tried_in_their_order() -> None:
    kind = Date().formatted("%d/%m/%Y|%m/%d/%Y")
    assert kind.clean("03/06/2016").value == "2016-06-03"
    assert kind.clean("06/25/2016").value == "2016-06-25"


def test_numbers_without_marks_between_them_are_read_where_the_format_says_so() -> None:
    assert Date().formatted("%Y%m%d").clean("20160603").value == "2016-06-03"
    assert Date().formatted("%d%m%Y").clean("3062016").value is None
    assert Date().formatted("%Y%m%d").clean("2016063").value is None
    assert Moment().formatted("%d/%m/%Y %H%M").clean("03/06/2016 103").value is None


@pytest.mark.parametrize("clock_time", ["9:5:7", "09:05:07", "9:05:7"])
def test_hours_minutes_and_seconds_may_have_one_digit(clock_time: str) -> None:
    assert Moment().formatted("%d/%m/%Y %H:%M:%S").clean(f"3/6/2016 {clock_time}").value == "2016-06-03T09:05:07"


@pytest.fixture
def april_2026() -> Iterator[None]:
    clock.use(lambda: datetime(2026, 4, 3, 23, 30, tzinfo=UTC))
    yield
    clock.use()


SHORT = (("03/04/45", "1945-04-03"), ("04/04/26", "2026-04-04"), ("05/04/26", "1926-04-05"), ("29/02/00", "2000-02-29"))


@pytest.mark.parametrize(("raw", "value"), SHORT)
@pytest.mark.usefixtures("april_2026")
def test_a_two_digit_year_is_read_only_when_declared_as_the_latest_that_is_not_after_today(
    raw: str, value: str
) -> None:
    cleaned = Date().formatted("%d/%m/%y").clean(raw)
    assert cleaned.value == value
    assert cleaned.issue is not None
    assert cleaned.issue.code == "century"


@pytest.mark.usefixtures("april_2026")
def test_of_what_may_lie_ahead_a_two_digit_year_is_the_latest_that_may() -> None:
    kind = Date("%d/%m/%y", ahead=30)
    assert [kind.clean(f"04/04/{year}").value for year in (45, 56, 57)] == ["2045-04-04", "2056-04-04", "1957-04-04"]


@pytest.mark.parametrize("day", ["2026-04-04", "2025-12-31", "2024-01-01"])
@pytest.mark.usefixtures("april_2026")
def test_the_century_as_of_an_earlier_day_is_the_same_as_on_that_day(day: str) -> None:
    kind = Date().formatted("%d/%m/%y")
    raws = [
        f"{number:02}/{month:02}/{year:02}"
        for number in (1, 28)
        for month in (1, 4, 12)
        for year in (0, 24, 25, 26, 99)
    ]
    now = {raw: kind.clean(raw).value for raw in raws}
    clock.use(lambda: datetime.fromisoformat(f"{day}T12:00+00:00"))
    with duckdb.connect() as connection:
        read = f"select {kind.as_of('?::varchar', repr(day))}"
        assert {raw: connection.execute(read, [value] * read.count("?")).fetchone() for raw, value in now.items()} == {
            raw: (kind.clean(raw).value,) for raw in raws
        }


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1985-00-00", "1985"), ("1985-03-00", "1985-03"), ("1985-00-00 00:00:00", "1985"), ("00/00/1985", "1985"),
        ("00/03/1985", "1985-03"), ("00/1985", "1985"),
    ],
)  # fmt: skip
def test_POLE_4_noughts_for_a_day_or_month_are_a_partial_date(raw: str, value: str) -> None:
    assert Date().clean(raw) == Cleaned(value)
    if len(raw) == len("00/00/1985") and "/" in raw:
        assert Date().formatted("%d/%m/%Y").clean(raw) == Cleaned(value)


def test_POLE_4_noughts_beside_what_is_said_are_no_date() -> None:
    assert Date().clean("1985-00-03").value is None
    assert Date().clean("0000-00-00").issue == Date().clean("unknown").issue


@pytest.mark.parametrize(
    "raw", ["circa 1985", "c. 1985", "c1985", "ca 1985", "1985?", "about 1985", "~1985", "C.1985?"]
)
@pytest.mark.parametrize("kind", [Date(), Date().formatted("%d/%m/%Y"), Moment()])
def test_POLE_4_an_estimate_is_kept_with_an_issue_of_its_own(raw: str, kind: Date) -> None:
    cleaned = kind.clean(raw)
    assert cleaned.value == "1985"
    assert cleaned.issue is not None
    assert cleaned.issue.code == "estimate"


@pytest.mark.parametrize(
    ("raw", "value", "code"),
    [
        ("1952-5-3", "1952-05-03", None),
        ("1952-05-", "1952-05", None),
        ("1952--", "1952", None),
        ("1952-00-00", "1952", None),
        ("1952-May-3", "1952-05-03", None),
        ("1952-sept.-3", "1952-09-03", None),
        ("1952--5", "1952", "no_month"),
        ("1952-N/K-5", "1952", "no_month"),
        ("1952-Maybe-5", "1952", "month"),
        ("1952-5-first", "1952-05", "day"),
        ("1952-2-30", None, "impossible"),
        ("1952-13-1", None, "impossible"),
        ("-5-3", None, "year"),
        ("0000-5-3", None, "year"),
        ("1952-53-5-3", None, "year"),
        ("52-5-3", "1952-05-03", "century"),
        ("1952-5-3 10:", "1952-05-03", "time"),
        ("1952-5- 10:22", "1952-05", "time"),
        ("1952-5-3 9:5", "1952-05-03T09:05", None),
    ],
)
def test_POLE_4_a_date_made_of_parts_is_as_exact_as_its_parts(raw: str, value: str | None, code: str | None) -> None:
    cleaned = Moment().formatted(PARTS).clean(raw)
    assert (cleaned.value, cleaned.issue and cleaned.issue.code) == (value, code)


@pytest.mark.parametrize(
    ("raw", "value"),
    [("3/6/2016 (blank)", "2016-06-03"), ("(blank)/6/2016", None), ("3/(blank)/2016", None), ("6/2016/(blank)", None)],
)
def test_POLE_4_a_joined_date_with_a_blank_part_is_read_only_where_a_whole_day_comes_first(
    raw: str, value: str | None
) -> None:
    cleaned = Moment().formatted("%d/%m/%Y %H:%M|%d/%m/%Y|%m/%Y|%Y").clean(raw)
    assert cleaned.value == value
    assert (cleaned.issue is None) == (value is not None)


@pytest.mark.parametrize("format_", ["%d/%m/%Q", "%d/%m", "%Y %Y", "", "iso|", "%", "%Y %I:%M"])
def test_a_format_that_cannot_be_read_is_refused_when_it_is_declared(format_: str) -> None:
    with pytest.raises(DeclarationError, match="format"):
        Date().formatted(format_ or "|")


@pytest.mark.parametrize(
    ("value", "shown"),
    [("2026-11-21", "21 Nov 2026"), ("2026-11", "Nov 2026"), ("2026", "2026"), ("2026-01-05", "5 Jan 2026")],
)
def test_a_date_is_shown_as_the_house_writes_it(value: str, shown: str) -> None:
    assert Date().show(value) == shown
    assert Date().clean(shown).value == value


def test_POLE_4_a_partial_date_agrees_with_a_fuller_one_that_it_contains() -> None:
    assert Date().agree("2016", "2016-06-03")
    assert Date().agree("2016-06-03", "2016-06")
    assert not Date().agree("2016-06", "2016-07-03")
    assert not Date().agree("2016-06-03", "2016-06-30")


DATES = st.dates(date(1000, 1, 1), date(9999, 12, 31))


@settings(max_examples=200, deadline=None, database=None)
@given(DATES, st.sampled_from([4, 7, 10]))
def test_POLE_4_a_date_lies_within_the_bounds_of_each_of_its_partial_forms(day: date, length: int) -> None:
    first, last = bounds(day.isoformat()[:length])
    assert first <= day <= last
    assert (last - first).days in {4: {364, 365}, 7: {27, 28, 29, 30}, 10: {0}}[length]


@settings(max_examples=10, deadline=None, database=None)
@given(st.lists(st.tuples(DATES, st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%dT10:22"])), min_size=20))
def test_bounds_in_sql_are_the_same(said: list[tuple[date, str]]) -> None:
    texts = [day.isoformat()[: {"%Y": 4, "%Y-%m": 7}.get(form, 10)] + form.partition("T")[2] for day, form in said]
    texts = [text[:10] + ("T" + text[10:] if text[10:] else "") for text in texts]
    query = f"select text, {first_day_sql('text')}, {last_day_sql('text')} from (select unnest(?) as text)"
    with duckdb.connect() as connection:
        rows = connection.execute(query, [texts]).fetchall()
    assert [(text, *bounds(text)) for text in texts] == rows


@settings(max_examples=100, deadline=None, database=None)
@given(DATES, st.sampled_from(["%d/%m/%Y", "%d.%m.%Y", "%d %b %Y", "%d %B %Y", "%Y/%m/%d"]))
def test_POLE_4_every_day_reads_back_from_every_way_of_writing_it(day: date, form: str) -> None:
    raw = day.strftime(form.replace("%Y", f"{day.year:04}"))
    assert Date().clean(raw).value == Date().formatted(form).clean(raw).value == day.isoformat()
