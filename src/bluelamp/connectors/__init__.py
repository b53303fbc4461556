"""Connectors: read any source system's files or tables as Arrow batches of text, and turn away what is malformed."""

from bluelamp.connectors.offer import Offer, Reject
from bluelamp.connectors.options import OPTIONS
from bluelamp.connectors.registry import CONNECTORS, Connector, offers, read

__all__ = ["CONNECTORS", "OPTIONS", "Connector", "Offer", "Reject", "offers", "read"]
