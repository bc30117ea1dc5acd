"""Settings of the cleaning, frozen and validated; `digest` names a set of settings in every row."""

import hashlib
from dataclasses import asdict, dataclass

from cleaners.errors import ConfigError


@dataclass(frozen=True, slots=True)
class CleanConfig:
    """How pages are cleaned. Each value has a default that the benchmarks were measured with."""

    min_words: int = 25
    """Fewer words of body are `too-short`; two characters of unspaced script count as one."""
    max_page_bytes: int = 20_000_000
    """Larger pages are a rejection `too-large`."""
    page_timeout: float = 20.0
    """Seconds a page may take in its worker before it is a rejection `timeout`."""
    keep_live_blogs: bool = False
    """Store live blogs as articles of page_type live-blog instead of rejecting them."""
    keep_non_articles: bool = False
    """Store what the page classifier calls no article, too; its page_type says what it is."""
    respect_noindex: bool = False
    """Reject pages whose robots meta tag says noindex."""
    rules_file: str | None = None
    """A TOML file of the user's own rules for domains."""

    def __post_init__(self) -> None:
        if self.min_words < 0:
            raise ConfigError("min_words must not be negative", key="min_words")
        if self.max_page_bytes <= 0:
            raise ConfigError("max_page_bytes must be positive", key="max_page_bytes")
        if self.page_timeout <= 0:
            raise ConfigError("page_timeout must be positive", key="page_timeout")

    @property
    def digest(self) -> str:
        """Twelve hex digits that are equal when and only when all settings are equal."""
        return hashlib.sha256(repr(sorted(asdict(self).items())).encode()).hexdigest()[:12]


DEFAULT = CleanConfig()
