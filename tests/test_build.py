from pathlib import Path

import pytest

import hatch_build


def test_what_is_served_was_built_from_what_is_here() -> None:
    assert (hatch_build.BUILT / hatch_build.STAMP).read_text(encoding="ascii") == hatch_build.inputs()


def test_nothing_is_built_again_when_nothing_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    def called(*arguments: str) -> None:
        raise AssertionError(arguments)

    monkeypatch.setattr(hatch_build, "npm", called)
    hatch_build.build()


def test_any_changed_or_moved_source_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hatch_build, "FRONTEND", tmp_path)
    (tmp_path / "a.ts").write_text("1", encoding="utf-8")
    first = hatch_build.inputs()
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "x.js").write_text("1", encoding="utf-8")
    assert hatch_build.inputs() == first
    (tmp_path / "a.ts").rename(tmp_path / "b.ts")
    second = hatch_build.inputs()
    (tmp_path / "b.ts").write_text("2", encoding="utf-8")
    assert len({first, second, hatch_build.inputs()}) == 3
