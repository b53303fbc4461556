"""Dates with a time of day, in local time as recorded; a stated zone is turned to London's."""

from bluelamp.types.date import Date
from bluelamp.types.grammar import Search


class Moment(Date):
    """When something happened: a year, month, day, or a day with a time of day to the minute or second."""

    label = "Date and time"
    search = Search.NOT
    example = "2016-06-03T10:22"
    timed = True
