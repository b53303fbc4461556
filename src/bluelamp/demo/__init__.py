"""A made-up force of any size, with the truth known."""

from bluelamp.demo.generate import generate

__all__ = ["generate"]
