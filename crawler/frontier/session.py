"""A connection to PostgreSQL that outlives the server's restart. The only importer of psycopg."""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Any, TypeVar

from cleaners.errors import MissingExtra, StoreDamaged, StoreError
from crawler.redact import redact

try:
    import psycopg
except ImportError as error:  # pragma: no cover - the extra is there when the tests run
    raise MissingExtra("postgres", "a frontier in PostgreSQL") from error

RECONNECT_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Pauses between attempts when the server is gone: a restart takes seconds."""
CONNECT_SECONDS = 10

T = TypeVar("T")


@lru_cache(maxsize=256)
def own_placeholders(statement: str) -> str:
    """A statement with psycopg's placeholders instead of SQLite's.

    >>> own_placeholders("SELECT a::text FROM b WHERE c LIKE '%x' AND d = :key")
    "SELECT a::text FROM b WHERE c LIKE '%%x' AND d = %(key)s"
    """
    return re.sub(r"(?<!:):([a-z_]\w*)", r"%(\1)s", statement.replace("%", "%%"))


class Session:
    """Runs statements; `name` is the address without its password.

    Raises StoreError when the server cannot be reached or stays away, StoreDamaged when it refuses.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self.name = redact(address)
        try:
            self._db = self._connect()
        except psycopg.Error as error:
            raise StoreError(self.name, redact(f"no frontier: {error}")) from error

    def _connect(self) -> "psycopg.Connection[tuple[Any, ...]]":
        return psycopg.connect(self._address, autocommit=True, connect_timeout=CONNECT_SECONDS)

    def run(self, statement: str, **values: object) -> "psycopg.Cursor[tuple[Any, ...]]":
        """A statement with SQLite's placeholders, as part of the action that `lasting` runs."""
        return self._db.execute(own_placeholders(statement).encode(), values or None)

    def lasting(self, action: Callable[[], T]) -> T:
        """An action in a transaction, done again if the server went away or workers collided."""
        pauses = iter(RECONNECT_SECONDS)
        while True:
            try:
                with self._db.transaction():
                    return action()
            except psycopg.OperationalError as error:
                pause = next(pauses, None)
                if pause is None:
                    cause = redact(f"the frontier is gone: {error}")
                    raise StoreError(self.name, cause) from error
                time.sleep(pause)
                self._reconnect()
            except psycopg.Error as error:
                raise StoreDamaged(self.name, redact(str(error))) from error

    def _reconnect(self) -> None:
        if not (self._db.closed or self._db.broken):
            return  # a deadlock: the connection is as good as before
        with suppress(psycopg.OperationalError):  # still away: the next attempt waits longer
            self._db = self._connect()

    def close(self, statement: str, **values: object) -> None:
        """Say good-bye with a last statement, if the server still listens."""
        with suppress(psycopg.Error):
            self.run(statement, **values)
        self._db.close()
