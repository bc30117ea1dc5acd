"""A small web of invented news sites on the loopback address; it knows what each page says."""

from examples.newswire.gold import gold
from examples.newswire.model import GoldPage, Kind
from examples.newswire.server import Newswire, Request, serve

__all__ = ["GoldPage", "Kind", "Newswire", "Request", "gold", "serve"]
