"""Serves the newswire over real HTTP on the loopback address, by proxy and by port at once.

`http://www.harbour-gazette.example/` is reached through the proxy's port; the same site also has a
port of its own, with all links on its pages rewritten to it. ETag, Last-Modified, 304 and gzip are
answered; faults, delays and an access log are there for tests of crawlers.
"""

import gzip
import hashlib
import json
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

from examples.newswire.address import View, by_host, by_port
from examples.newswire.gold import gold, webs
from examples.newswire.load import sites
from examples.newswire.model import GoldPage
from examples.newswire.web import Answer

FAULTS = ("500", "503", "429", "reset", "cut", "slow")
LOOPBACK = "127.0.0.1"
PATIENCE = 30.0
"""Seconds an idle connection is held open."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How the newswire misbehaves.

    `faults` is the share of URLs, chosen by their hash and so the same on every run, that fail the
    first time they are asked for; `delay` and `slow_for` are seconds.
    """

    faults: float = 0.0
    delay: float = 0.0
    slow_for: float = 8.0
    retry_after: int = 2


@dataclass(frozen=True, slots=True)
class Request:
    """One line of the access log. `status` is -1 for a reset connection, -2 for a cut body."""

    time: float
    method: str
    site: str
    host: str
    path: str
    status: int
    user_agent: str
    if_none_match: str
    if_modified_since: str
    bytes: int


class Newswire:
    """A running newswire. `day` may be set to 2 at any time: then the updates are published."""

    def __init__(self, habits: Habits, log: Path | None, port: int) -> None:
        self.habits = habits
        self.day = 1
        self.requests: list[Request] = []
        self.webs = webs()
        self._failed: set[str] = set()
        self._lock = threading.Lock()
        self._answers: dict[tuple[str, str, bool, int], Answer] = {}
        self._log: TextIO | None = log.open("a", encoding="utf-8") if log else None
        self._servers = [_Server(self, None, port)]
        for at, key in enumerate(self.webs, 1):
            self._servers.append(_Server(self, key, port + at if port else 0))
        self.ports = {s.site: s.server_address[1] for s in self._servers if s.site is not None}
        self.proxy = f"http://{LOOPBACK}:{self._servers[0].server_address[1]}"
        self._hosts = {web.site.host: key for key, web in self.webs.items()}
        self._threads = [
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            for server in self._servers
        ]

    def view(self, *, proxied: bool = False) -> View:
        """The newswire as the proxy (host names) or the ports show it, today."""
        all_sites = sites()
        origins = by_host(all_sites) if proxied else by_port(all_sites, self.ports)
        return View(origins, self.day)

    def gold(self, *, proxied: bool = False) -> tuple[GoldPage, ...]:
        return gold(self.view(proxied=proxied))

    def homes(self, *, proxied: bool = False) -> tuple[str, ...]:
        """The front pages of all sites."""
        return tuple(f"{origin}/" for origin in self.view(proxied=proxied).origins.values())

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ends every connection and thread; returns when all are gone."""
        for server, thread in zip(self._servers, self._threads, strict=True):
            if thread.is_alive():
                server.shutdown()
                thread.join()
            server.end_connections()
            server.server_close()
        if self._log:
            self._log.close()

    def site_of(self, host: str) -> str | None:
        return self._hosts.get(host)

    def answer(self, site: str, path: str, *, proxied: bool) -> Answer:
        key = (site, path, proxied, self.day)
        found = self._answers.get(key)
        if found is None:
            found = self.webs[site].answer(path, self.view(proxied=proxied))
            self._answers[key] = found
        return found

    def fault(self, site: str, path: str) -> str | None:
        """The fault of this URL if this is the first request for it, else None."""
        digest = hashlib.sha256(f"{site}{path}".encode()).digest()
        if int.from_bytes(digest[:4], "big") / 2**32 >= self.habits.faults:
            return None
        with self._lock:
            if f"{site}{path}" in self._failed:
                return None
            self._failed.add(f"{site}{path}")
        return FAULTS[digest[4] % len(FAULTS)]

    def forget_faults(self) -> None:
        """Every URL's fault strikes once more, as for a visitor who comes for the first time."""
        with self._lock:
            self._failed.clear()

    def note(self, request: Request) -> None:
        with self._lock:
            self.requests.append(request)
            if self._log and not self._log.closed:
                self._log.write(json.dumps(asdict(request)) + "\n")
                self._log.flush()


class _Server(ThreadingHTTPServer):
    """One listening port: of a site, or of the proxy (`site` None)."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    def __init__(self, newswire: Newswire, site: str | None, port: int) -> None:
        self.newswire, self.site = newswire, site
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__((LOOPBACK, port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is no news."""

    def end_connections(self) -> None:
        with self._open_lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "newswire"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = PATIENCE
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        """Requests go to the access log, not to standard error."""

    def do_GET(self) -> None:
        newswire, habits = self.server.newswire, self.server.newswire.habits
        parts = urlsplit(self.path)
        host = (parts.hostname or self.headers.get("Host", "").rpartition(":")[0] or "").lower()
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        proxied = self.server.site is None
        site = newswire.site_of(host) if proxied else self.server.site
        if habits.delay:
            time.sleep(habits.delay)
        if site is None:
            self._say(host, host, path, 502, b"no such host in this newswire", "text/plain")
            return
        fault = newswire.fault(site, path)
        if fault in ("500", "503", "429"):
            headers = {"Retry-After": str(habits.retry_after)} if fault != "500" else {}
            self._say(site, host, path, int(fault), b"fault", "text/plain", headers)
            return
        if fault == "reset":
            self._note(site, host, path, -1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            return
        if fault == "slow":
            time.sleep(habits.slow_for)
        self._answer(site, host, path, newswire.answer(site, path, proxied=proxied), fault == "cut")

    def do_HEAD(self) -> None:
        self.do_GET()

    def _answer(self, site: str, host: str, path: str, answer: Answer, cut: bool) -> None:
        tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        headers = {"ETag": tag, "Last-Modified": format_datetime(answer.modified, usegmt=True)}
        if answer.location:
            self._say(site, host, path, answer.status, b"", "", {"Location": answer.location})
            return
        if answer.status == 200 and self._unchanged(tag, answer):
            self._say(site, host, path, 304, b"", "", headers)
            return
        body = answer.body
        if "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > 500:
            body = gzip.compress(body, 6, mtime=0)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        self._say(site, host, path, answer.status, body, answer.content_type, headers, cut=cut)

    def _unchanged(self, tag: str, answer: Answer) -> bool:
        """RFC 9110, section 13.1: If-Modified-Since counts only where there is no If-None-Match."""
        asked = self.headers.get("If-None-Match")
        if asked is not None:
            return tag in asked
        since = self.headers.get("If-Modified-Since")
        if since is None:
            return False
        try:
            return answer.modified.replace(microsecond=0) <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False

    def _say(
        self,
        site: str,
        host: str,
        path: str,
        status: int,
        body: bytes,
        content_type: str,
        headers: dict[str, str] | None = None,
        *,
        cut: bool = False,
    ) -> None:
        self._note(site, host, path, -2 if cut else status, len(body))
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if content_type:
            self.send_header("Content-Type", content_type)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if cut else body)
        if cut:
            self.close_connection = True

    def _note(self, site: str, host: str, path: str, status: int, size: int) -> None:
        request = Request(
            time=time.time(),
            method=self.command,
            site=site,
            host=host,
            path=path,
            status=status,
            user_agent=self.headers.get("User-Agent", ""),
            if_none_match=self.headers.get("If-None-Match", ""),
            if_modified_since=self.headers.get("If-Modified-Since", ""),
            bytes=size,
        )
        self.server.newswire.note(request)


@contextmanager
def serve(
    port: int = 0,
    *,
    faults: float = 0.0,
    delay: float = 0.0,
    slow_for: float = 8.0,
    retry_after: int = 2,
    log: Path | None = None,
) -> Iterator[Newswire]:
    """A newswire that runs as long as the block does.

    `port` is the proxy's; the sites stand on the ports after it (0: on free ones, each).
    """
    newswire = Newswire(Habits(faults, delay, slow_for, retry_after), log, port)
    newswire.start()
    try:
        yield newswire
    finally:
        newswire.stop()
