"""Eastings and northings of the British National Grid as latitude and longitude (WGS 84), to about 5 metres.

From Ordnance Survey, *A guide to coordinate systems in Great Britain*: the ellipsoids and the projection of its annexes
and its 7-parameter (Helmert) transformation from OSGB36, which is good to about 5 m; the OSTN15 grid, good to
centimetres, is not used. The projection is undone by Krüger's series (Karney 2011, *Transverse Mercator with an
accuracy of a few nanometers*), which needs no iteration, so that Python and SQL take the same steps.
"""

import math
import re
from collections.abc import Callable, Mapping

#: metres east and north of the grid's false origin; beyond is not Britain
EAST, NORTH = 700_000, 1_300_000

_AIRY, _WGS84 = (6_377_563.396, 6_356_256.909), (6_378_137.0, 6_356_752.3141)
_SCALE = 0.9996012717
_ORIGIN = (math.radians(49), math.radians(-2))
_FALSE = (400_000.0, -100_000.0)
_MOVE = (446.448, -125.157, 542.060)
_TURN = tuple(math.radians(seconds / 3600) for seconds in (0.1502, 0.2470, 0.8421))
_GROW = 1 - 20.4894e-6


def _constants() -> dict[str, float]:
    a, b = _AIRY
    n = (a - b) / (a + b)
    phi = _ORIGIN[0]
    radius = a / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    arc = -(3 * n / 2 - 9 * n**3 / 16) * math.sin(2 * phi) + 15 * n**2 / 16 * math.sin(4 * phi)
    arc += phi - 35 * n**3 / 48 * math.sin(6 * phi)
    return {
        "R": radius * _SCALE, "M": arc, "L": _ORIGIN[1], "E": _FALSE[0], "N": _FALSE[1],
        "b1": n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96, "b2": n**2 / 48 + n**3 / 15, "b3": 17 * n**3 / 480,
        "d1": 2 * n - 2 * n**2 / 3 - 2 * n**3, "d2": 7 * n**2 / 3 - 8 * n**3 / 5, "d3": 56 * n**3 / 15,
        "a1": a, "e1": 1 - b**2 / a**2, "a2": _WGS84[0], "f2": _WGS84[1],
        "e2": 1 - _WGS84[1] ** 2 / _WGS84[0] ** 2, "g2": _WGS84[0] ** 2 / _WGS84[1] ** 2 - 1,
        "tx": _MOVE[0], "ty": _MOVE[1], "tz": _MOVE[2], "rx": _TURN[0], "ry": _TURN[1], "rz": _TURN[2], "s": _GROW,
    }  # fmt: skip


CONSTANTS = _constants()

#: each step's names and formulas, over the names of the step before and the constants; the same in Python and in SQL
STEPS: tuple[Mapping[str, str], ...] = (
    {"u": "(north - N) / R + M", "v": "(east - E) / R"},
    {
        "p": "u - b1 * sin(2 * u) * cosh(2 * v) - b2 * sin(4 * u) * cosh(4 * v) - b3 * sin(6 * u) * cosh(6 * v)",
        "q": "v - b1 * cos(2 * u) * sinh(2 * v) - b2 * cos(4 * u) * sinh(4 * v) - b3 * cos(6 * u) * sinh(6 * v)",
    },
    {"c": "asin(sin(p) / cosh(q))", "l": "L + atan2(sinh(q), cos(p))"},
    {"f": "c + d1 * sin(2 * c) + d2 * sin(4 * c) + d3 * sin(6 * c)", "l": "l"},
    {"w": "a1 / sqrt(1 - e1 * sin(f) * sin(f))", "f": "f", "l": "l"},
    {"x": "w * cos(f) * cos(l)", "y": "w * cos(f) * sin(l)", "z": "(1 - e1) * w * sin(f)"},
    {"x": "tx + s * x - rz * y + ry * z", "y": "ty + rz * x + s * y - rx * z", "z": "tz - ry * x + rx * y + s * z"},
    {"r": "sqrt(x * x + y * y)", "x": "x", "y": "y", "z": "z"},
    {"t": "atan2(z * a2, r * f2)", "r": "r", "x": "x", "y": "y", "z": "z"},
    {
        "lat": "atan2(z + g2 * f2 * sin(t) * sin(t) * sin(t), r - e2 * a2 * cos(t) * cos(t) * cos(t))",
        "lon": "atan2(y, x)",
    },
)


def _compiled(formula: str) -> Callable[[Mapping[str, float]], float]:
    code = compile(formula, "<grid>", "eval")
    known = {**CONSTANTS, **vars(math)}

    def worked_out(values: Mapping[str, float]) -> float:
        return float(eval(code, known, values))  # noqa: S307  # a formula of STEPS, so that SQL cannot differ from it

    return worked_out


_FORMULAS = tuple({name: _compiled(formula) for name, formula in step.items()} for step in STEPS)


def point(east: float, north: float) -> tuple[float, float]:
    """Latitude and longitude, in degrees, of a place in metres east and north of the grid's false origin."""
    values = {"east": east, "north": north}
    for step in _FORMULAS:
        values = {name: formula(values) for name, formula in step.items()}
    return math.degrees(values["lat"]), math.degrees(values["lon"])


def point_sql(east: str, north: str) -> str:
    """SQL of `latitude,longitude` with six decimals, from SQL of two numbers."""
    made = f"[{{'east': {east}, 'north': {north}}}]"
    for step in STEPS:
        fields = ", ".join(f"'{name}': {_WORD.sub(_named, formula)}" for name, formula in step.items())
        made = f"list_transform({made}, lambda k: {{{fields}}})"
    degrees = "lambda k: printf('%.6f,%.6f', degrees(k.lat), degrees(k.lon))"
    return f"list_transform({made}, {degrees})[1]"


_WORD = re.compile(r"\b[A-Za-z]\w*\b")


def _named(found: re.Match[str]) -> str:
    """A word of a formula: a constant, a function, or what the step before gave."""
    word = found[0]
    if word in CONSTANTS:
        return repr(CONSTANTS[word]) + "::DOUBLE"
    return word if word in vars(math) else f"k.{word}"
