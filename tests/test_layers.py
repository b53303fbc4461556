"""The drawing in ARCHITECTURE.md and the imports say the same."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "bluelamp"


def layers() -> dict[str, int]:
    """Each unit of the `layers` block with its height, 0 at the top."""
    text = (ROOT / "ARCHITECTURE.md").read_text()
    block = text.split("```layers\n")[1].split("```")[0]
    return {unit: height for height, line in enumerate(block.splitlines()) for unit in line.split()}


def unit_of(module: str) -> str:
    """`bluelamp.types.date` belongs to `types`."""
    return (module.split(".") + [""])[1]


def imported(path: Path) -> set[str]:
    """Modules of this package that a file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("bluelamp"):
            names |= {f"bluelamp.{alias.name}" for alias in node.names} if node.module == "bluelamp" else {node.module}
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names if alias.name.startswith("bluelamp.")}
    return names


def modules() -> list[tuple[str, Path]]:
    """Every module with the unit that it is in; the package's own front door is in none."""
    found = [(path.relative_to(PACKAGE).parts[0].removesuffix(".py"), path) for path in sorted(PACKAGE.rglob("*.py"))]
    return [(unit, path) for unit, path in found if path != PACKAGE / "__init__.py"]


def test_every_unit_stands_in_the_drawing_and_every_drawn_unit_exists() -> None:
    assert {unit for unit, _ in modules()} == set(layers())


def test_imports_go_downwards_only() -> None:
    height = layers()
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {module}"
        for unit, path in modules()
        for module in imported(path)
        if unit_of(module) and unit_of(module) != unit and height[unit_of(module)] >= height[unit]
    ]
    assert wrong == []


def test_one_app_does_not_import_another() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {module}"
        for unit, path in modules()
        if unit == "apps" and path.parent != PACKAGE / "apps"
        for module in imported(path)
        if module.startswith("bluelamp.apps.")
        and (PACKAGE / "apps" / module.split(".")[2]).is_dir()
        and module.split(".")[2] != path.parent.name
    ]
    assert wrong == []
