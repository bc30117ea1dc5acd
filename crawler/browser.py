"""Pages that are empty without JavaScript, rendered by a Chromium of this machine; extra `browser`.

Off by default, used only for what the cleaner calls a shell, and bounded: a few pages at a time, so
many a run, so many seconds each. No pictures, fonts or media are loaded, and nothing from a private
address. The only importer of playwright, which comes with scrapy-playwright.
"""

import asyncio
import logging
import os
import shutil
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from cleaners.errors import InputError, MissingExtra
from crawler.address import forbidden
from crawler.model import Manners

logger = logging.getLogger("winnow.browser")

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAX_PAGES = 500
"""Pages rendered in one run: each costs seconds, so a site of shells is not rendered whole."""
AT_A_TIME = 2
SETTLE_SECONDS = 1.0
"""Scripts may go on after the page has loaded; the text of news pages stands within a second."""
UNLOADED = frozenset({"image", "media", "font", "websocket", "manifest", "ping", "eventsource"})
_NOWHERE = {"server": "http://127.0.0.1:9"}
_OWN_HOSTS = ("update.googleapis.com", "optimizationguide-pa.googleapis.com", "accounts.google.com")
_KEPT_QUIET = "--host-resolver-rules=" + ",".join(f"MAP {host} ~NOTFOUND" for host in _OWN_HOSTS)
"""Chromium asks its maker for updates and accounts, whatever the other switches say."""


def find_chromium() -> str | None:
    """The path of a Chromium on this machine."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@dataclass(slots=True)
class Browser:
    """Renders pages; started with the first one, ended by `close`."""

    manners: Manners
    rendered: int = 0
    _gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_A_TIME))
    _starting: asyncio.Lock = field(default_factory=asyncio.Lock)
    _playwright: Any = None
    _browser: Any = None

    async def render(self, url: str) -> bytes | None:
        """The page's HTML once its scripts have run, in UTF-8; None if it could not be rendered.

        Raises MissingExtra without the extra and InputError without a Chromium.
        """
        if self.rendered >= MAX_PAGES:
            return None
        self.rendered += 1
        async with self._gate:
            browser = await self._started()
            try:
                return await asyncio.wait_for(self._render(browser, url), self.manners.timeout)
            except Exception as error:  # noqa: BLE001 - whatever a page does to a browser
                logger.info("%s is not rendered: %s", url, error)
                return None

    async def _render(self, browser: Any, url: str) -> bytes | None:
        context = await browser.new_context(
            user_agent=self.manners.user_agent,
            accept_downloads=False,
            service_workers="block",
            proxy=_proxy(),
        )
        try:

            async def let_through(route: Any) -> None:
                request = route.request
                why = None if self.manners.allow_private else forbidden(request.url)
                if why is not None or request.resource_type in UNLOADED:
                    await route.abort()
                else:
                    await route.continue_()

            await context.route("**/*", let_through)
            page = await context.new_page()
            await page.goto(url, wait_until="load", timeout=self.manners.timeout * 1000)
            await asyncio.sleep(SETTLE_SECONDS)
            content: str = await page.content()
            body = content.encode("utf-8", "replace")
            return body if len(body) <= self.manners.max_bytes else None
        finally:
            await context.close()

    async def _started(self) -> Any:
        async with self._starting:
            if self._browser is None:
                try:
                    from playwright.async_api import async_playwright
                except ImportError as error:
                    raise MissingExtra("browser", "rendering pages") from error
                path = find_chromium()
                if path is None:
                    raise InputError("chromium", "no Chromium is installed on this machine")
                self._playwright = await async_playwright().start()
                # Chromium refuses its sandbox to root, and to nobody else.
                arguments = ["--no-sandbox"] if os.getuid() == 0 else []
                self._browser = await self._playwright.chromium.launch(
                    executable_path=path,
                    args=[*arguments, _KEPT_QUIET],
                    # Contexts have the proxy; what Chromium asks by itself ends here.
                    proxy=_NOWHERE if _proxy() else None,
                    handle_sigint=False,
                )
            return self._browser

    async def close(self) -> None:
        """End the browser."""
        if self._browser is not None:
            await self._browser.close()
            await self._playwright.stop()
            self._browser = None


def _proxy() -> dict[str, str] | None:
    """The environment's proxy in the browser's form."""
    found = getproxies()
    url = found.get("http") or found.get("https")
    if not url:
        return None
    parts = urlsplit(url if "://" in url else f"http://{url}")
    proxy = {"server": f"{parts.scheme}://{parts.hostname}:{parts.port or 80}"}
    if parts.username:
        proxy |= {"username": parts.username, "password": parts.password or ""}
    return proxy
