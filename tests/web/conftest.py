from tests.station import force, web  # noqa: F401 (fixtures)
