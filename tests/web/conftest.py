from tests.station import force, pages, web  # noqa: F401 (fixtures)
