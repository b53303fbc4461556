"""Styles as `styles.yaml` says them: what they mean, and what is said of each mistake."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bluelamp.workspace.model import Appearance, Condition
from bluelamp.workspace.styles import COLOURS
from tests.workspace.looks import LOOKS, STYLES
from tests.workspace.made import SOURCE, loaded, problems, swap

SHEET = Path("frontend/styles/_colours.scss").read_text("utf-8")


def luminance(colour: str) -> float:
    """The relative luminance of `#rrggbb` (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_styles_are_read_in_the_order_in_which_they_count(tmp_path: Path) -> None:
    hills, old, home = loaded(tmp_path, {STYLES: LOOKS}).styles
    assert (hills.name, hills.where, hills.look) == (
        "The Hills", (Condition("surname", ("Hill",)),), Appearance(badge="star"),
    )  # fmt: skip
    assert old.where == (Condition("address", ("1 Old Street", "2 Old Street")), Condition("postcode"))
    assert old.look == Appearance(colour="teal", outline="double")
    assert (home.links, home.roles, home.basis) == (("lives_at", "based_at"), ("homeAddress",), "assessment")
    assert (home.evaluation, home.assessment) == (("3",), ("D", "E"))


def test_a_workspace_needs_no_styles(tmp_path: Path) -> None:
    assert loaded(tmp_path).styles == ()


WRONG: list[tuple[str, Callable[[str], str], int, str]] = [
    ("B007", swap("surname: Hill", "surname: [[Hill]]"), 4, "is no value"),
    ("B008", swap("badge: star", "badge: star\n    colours: red"), 6, 'did you mean "colour"?'),
    ("B009", swap("    thing: Person\n", ""), 2, "does not say what it is for"),
    ("B009", swap("thing: Person", "thing: Person\n    link: lives_at"), 2, "one of the two"),
    ("B013", swap("thing: Person", "thing: Persn"), 3, 'did you mean "Person"?'),
    ("B014", swap("surname: Hill", "sirname: Hill"), 4, 'did you mean "surname"?'),
    ("B014", swap("said: [postcode]", "said: [post]"), 9, "has no property"),
    ("B015", swap("lives_at,", "live_at,"), 13, 'did you mean "lives_at"?'),
    ("B019", swap("role: homeAddress", "role: [homeAddress, office]"), 14, "businessAddress"),
    ("B020", swap("assessment", "rumour"), 15, "fact, assessment"),
    ("B027", swap("style: Old address", "style: the hills"), 6, "see styles.yaml:2"),
    ("B028", swap("The Hills", "The Hills " * 9), 2, "at most 40 letters"),
    ("B039", swap("badge: star", "badge: heart"), 5, "alert, query, tick"),
    ("B039", swap("colour: teal", "colour: '#00ff00'"), 10, "red, orange, olive, teal, violet, pink"),
    ("B047", swap("surname: Hill", "date_of_birth: soon"), 4, "no value of date_of_birth"),
    ("B047", swap('["3"]', '["9"]'), 16, '`source` of a grade is never "9"'),
    ("B069", swap("surname: Hill", "date_of_birth: {}"), 4, "has no end"),
    ("B070", swap("    badge: star\n", ""), 2, "changes nothing"),
    ("B070", swap("width: thick", "width: thick\n    outline: double"), 19, "`colour:`, `width:`, `dash:`"),
    ("B071", swap("width: thick", "dash: long"), 17, "`width: thick`"),
    ("B071", swap("    outline: double\n", ""), 10, "not everybody can"),
    ("B071", swap("thing: Location\n    where: {address: [1 Old Street, 2 Old Street]}\n    said: [postcode]\n    colour: teal\n    outline: double",
                  "thing: Person\n    said: [alias]\n    colour: teal\n    badge: star"), 6, "told from The Hills by its colour alone"),
    *(("B072", swap("surname: Hill", f"{name}: x"), 4, "leave this condition out")
      for name in ("ethnicity_self", "nhs_number", "sex", "age_range", "nationality")),
    ("B072", swap("thing: Person\n    where: {surname: Hill}",
             "thing: StopSearch\n    said: [ethnicity_observed]"), 4, "sensitive (DP-3)"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "change", "line", "words"), WRONG, ids=lambda each: "" if callable(each) else None)
def test_a_mistake_in_a_style_is_explained(
    tmp_path: Path, code: str, change: Callable[[str], str], line: int, words: str
) -> None:
    said = [each for each in problems(tmp_path, {STYLES: change(LOOKS)}) if each.code == code]
    assert [each.place.line for each in said] == [line], said
    assert words in str(said[0])


def test_a_value_is_asked_for_only_where_every_source_takes_it_from_a_list(tmp_path: Path) -> None:
    job = swap("surname: Hill", "occupation: Baker")
    listed = swap("given_name: Forename", "occupation: {column: Job, codes: sexes}")
    assert [each.code for each in problems(tmp_path, {SOURCE: listed, STYLES: job(LOOKS)})] == ["B073"]
    anything = swap("given_name: Forename", "occupation: Job")
    assert problems(tmp_path, {SOURCE: anything, STYLES: job(LOOKS)}) == []
    known = swap("surname: Hill", "occupation: male")
    assert problems(tmp_path, {SOURCE: listed, STYLES: known(LOOKS)}) == []


@pytest.mark.parametrize("name", COLOURS)
def test_each_colour_is_seen_on_light_and_dark_paper_and_carries_white_signs(name: str) -> None:
    papers = re.findall(r"--paper: (#\w+)", SHEET)
    assert len(papers) == 2
    for paper in papers:
        assert contrast(COLOURS[name], "#ffffff" if paper == "#fff" else paper) >= 3
    assert contrast(COLOURS[name], "#ffffff") >= 4.5
    assert f"--style-{name}: {COLOURS[name]};" in SHEET
