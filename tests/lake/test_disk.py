"""What stops a write is told in one sentence, whichever engine met it."""

from pathlib import Path

import duckdb
import pytest

from bluelamp.errors import BlueLampError
from bluelamp.lake.disk import refused, writing

HOW_THEY_SAY_IT = [
    OSError(28, "No space left on device"),
    OSError(27, "File too large"),
    OSError(122, "Disk quota exceeded"),
    duckdb.IOException('IO Error: Could not write file "x": No space left on device'),
    ValueError("An IO error occurred: 'File too large (os error 27)'"),
]


@pytest.mark.parametrize("error", HOW_THEY_SAY_IT, ids=str)
def test_a_full_disk_is_known_by_any_of_its_names(error: Exception) -> None:
    said = refused(error, Path("/data/force"))
    assert str(said) == "The disk that holds /data/force is full; free some space and run again."


def test_a_disk_that_may_not_be_written_is_told_too() -> None:
    assert "let the user that runs Blue Lamp write there" in str(
        refused(PermissionError(13, "Permission denied"), Path("x"))
    )


def test_too_little_memory_names_the_setting() -> None:
    assert "`memory` under [engine]" in str(refused(duckdb.OutOfMemoryException("x"), Path("x")))


def test_any_other_error_stays_what_it_is() -> None:
    assert refused(ValueError("a mistake"), Path("x")) is None
    with pytest.raises(ZeroDivisionError), writing(Path("x")):
        _ = 1 / 0


def test_the_cause_behind_an_error_is_seen() -> None:
    def stopped() -> None:
        try:
            raise OSError(28, "No space left on device")
        except OSError as error:
            raise RuntimeError("the writer stopped") from error

    with pytest.raises(BlueLampError, match="is full"), writing(Path("x")):
        stopped()
