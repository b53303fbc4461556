"""Where everything lives, and where it cannot."""

from pathlib import Path

import pytest

from bluelamp.errors import BlueLampError
from bluelamp.lake.store import Store


def test_each_dataset_is_one_and_in_a_place_of_its_own(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.raw("custody") is store.raw("custody")
    paths = [store.raw("a"), store.records("A"), store.links("a"), store.issues, store.entities]
    places = {each.path for each in paths} | {store.ledger("a"), store.rejects("a", 1), store.builds, store.scratch}
    assert len(places) == 9
    assert all(place.is_relative_to(tmp_path) for place in places)


@pytest.mark.parametrize("name", ["a%20b", "f[1]", "a\nb", "source=evil", "p|q", "back\\slash", "hat^", "w*d", "w?d"])
def test_a_folder_in_which_data_cannot_live_is_refused_at_once(tmp_path: Path, name: str) -> None:
    with pytest.raises(BlueLampError, match=r"in its name, and data cannot live there; rename it\.$"):
        Store(tmp_path / name)
