"""`bluelamp new`: an empty workspace with one commented example source that checks and runs at once."""

import json
import shutil
from importlib.resources import as_file, files
from pathlib import Path

from bluelamp.errors import DeclarationError


def new(folder: Path) -> None:
    """Make a workspace at `folder`. Raises DeclarationError where something is there already."""
    if folder.is_symlink() or folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise DeclarationError(f"{folder} is not empty; give the name of a folder that does not exist yet.")
    try:
        with as_file(files("bluelamp").joinpath("workspace", "starter")) as starter:
            shutil.copytree(starter, folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
        # a file of this name inside the package would hide the example's deliveries from git
        (folder / "gitignore").rename(folder / ".gitignore")
        configuration = folder / "bluelamp.toml"
        named = configuration.read_text(encoding="utf-8").replace('"FORCE"', _quoted(folder))
        configuration.write_text(named, encoding="utf-8")
    except OSError as error:
        raise DeclarationError(f"{folder} cannot be made ({error.strerror}); choose another place.") from error


def _quoted(folder: Path) -> str:
    """The folder's name as TOML text, which is JSON text for every name that a folder can have."""
    return json.dumps(folder.resolve().name.encode(errors="replace").decode() or "my-force")
