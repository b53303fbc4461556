"""The declarations of a force: a folder of reviewed text files, loaded and checked before anything runs."""

from bluelamp.workspace.load import check, load
from bluelamp.workspace.new import new
from bluelamp.workspace.problems import PROBLEMS, Problem

__all__ = ["PROBLEMS", "Problem", "check", "load", "new"]
