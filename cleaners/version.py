"""The version of Winnow, written into every row it makes."""

__version__ = "0.1.0"
