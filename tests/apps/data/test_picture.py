from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bluelamp.apps.data.picture import HEIGHT, WIDTH, picture
from bluelamp.session.data import SourceView

VIEW = SourceView(
    name="s", title="Source", owner="Owner", lawful_basis="", purposes=(), marking="OFFICIAL", retention="",
    description="", attribution="", connector="csv", mode="append", read=3, kept=2, rejected=1, issues=0,
    deliveries=(), makes=(), ties=(), warnings=(), open=True,
    whole=True, masked=False, highest="OFFICIAL",
)  # fmt: skip
MAKES = st.lists(st.tuples(st.text(max_size=5), st.sampled_from(["Person", "Phone", "Crime"])), max_size=12)


@given(MAKES)
def test_no_box_lies_on_another_or_outside_the_drawing(makes: list[tuple[str, str]]) -> None:
    drawn = picture(replace(VIEW, makes=tuple(makes)), {})
    places = {(box.x, box.y) for box in drawn.boxes}
    assert len(places) == len(drawn.boxes)
    for box in drawn.boxes:
        assert box.x + WIDTH <= drawn.width
        assert box.y + HEIGHT <= drawn.height
        assert all(abs(other.y - box.y) >= HEIGHT for other in drawn.boxes if other.x == box.x and other is not box)


@given(MAKES)
def test_every_record_is_joined_to_the_deliveries_and_to_its_object(makes: list[tuple[str, str]]) -> None:
    drawn = picture(replace(VIEW, makes=tuple(makes)), {})
    assert len(drawn.lines) == 2 + 2 * len(makes)
