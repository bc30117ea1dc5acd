"""A PostgreSQL server of its own for the tests, in a temporary folder."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

USERS = ("postgres", "nobody")
"""Whose name the server runs under when the tests run as root, which it refuses to do."""


def find_binaries() -> Path | None:
    """The folder of initdb and pg_ctl: Debian's, newest first, or one on the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: p.parent.name)
    on_path = shutil.which("initdb")
    found = [folder for folder in reversed(debian) if (folder / "initdb").exists()]
    return found[0] if found else Path(on_path).parent if on_path else None


@dataclass
class Server:
    """A running server; `address` connects to its database."""

    binaries: Path
    folder: Path
    user: str

    @property
    def address(self) -> str:
        return f"postgresql://winnow:s3same@/postgres?host={self.folder}&port=54329"

    def run(self, name: str, *arguments: str) -> None:
        command = [str(self.binaries / name), *arguments]
        if os.getuid() == 0:
            command = ["runuser", "-u", self.user, "--", *command]
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self) -> None:
        # fsync off: the test kills clients, not the machine.
        options = f"-k {self.folder} -p 54329 -c listen_addresses='' -c fsync=off"
        log = str(self.folder / "log")
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-l", log, "-o", options, "-w", "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")

    def schema(self) -> str:
        """The address of a schema of its own, as good as a fresh database and made at once."""
        name = f"s{time.monotonic_ns()}"
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}".encode())
        return f"{self.address}&options=-csearch_path%3D{name}"


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """A fresh server; it ends with the block, and its folder goes."""
    binaries = find_binaries()
    assert binaries is not None
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = next(name for name in USERS if name in names)
    folder = Path(tempfile.mkdtemp(prefix="winnow-pg-"))
    if os.getuid() == 0:
        shutil.chown(folder, user)
    server = Server(binaries, folder, user)
    try:
        server.run("initdb", "-D", str(folder / "data"), "-U", "winnow", "-A", "trust", "--no-sync")
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
