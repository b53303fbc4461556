import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt", "frontend/package-lock.json")


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_registry(name: str) -> None:
    lock = (ROOT / name).read_text(encoding="utf-8")
    without_funding = re.sub(r'"funding": (\{[^}]*\}|\[[^\]]*\])', "", lock)
    assert not re.findall(r"(?:https?|file)://\S+", without_funding)
    assert "--index-url" not in lock
    assert "--find-links" not in lock


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_package_has_its_version_and_hashes(name: str) -> None:
    lock = (ROOT / name).read_text(encoding="utf-8")
    packages = re.split(r"\n(?=[a-z0-9])", re.sub(r"^ *#.*\n?", "", lock, flags=re.MULTILINE).strip())
    assert len(packages) > 50
    for package in packages:
        assert re.match(r"[a-z0-9-]+(\[[a-z,]+\])?==[^ ]+ ", package), package
        assert "--hash=sha256:" in package


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["build"]]
    locked = set(re.findall(r"^([a-z0-9-]+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE))
    names = {re.split(r"[\[><=]", each)[0].lower() for each in wanted}
    assert names <= locked


def test_everything_that_an_npm_package_brings_has_its_hash() -> None:
    lock = (ROOT / "frontend/package-lock.json").read_text(encoding="utf-8")
    assert lock.count('"integrity": "sha512-') == lock.count('"node_modules/')
