"""winnow.toml: what it may hold, how it is read and checked, and where each value came from."""

from crawler.config.load import find_settings, load_settings
from crawler.config.model import JobSettings, Origin, Settings

__all__ = ["JobSettings", "Origin", "Settings", "find_settings", "load_settings"]
