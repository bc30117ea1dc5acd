from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from cleaners.config import CleanConfig
from cleaners.html.templates import Observation, Templates, learn
from cleaners.model import Reason
from cleaners.scale.pages import Batch, BatchAnswer, Judge, PageQueue, clean_pages
from crawler.browser import find_chromium
from tests.crawler.web import Web, serving

# Without a Chromium on the machine its tests are not there, rather than there and skipped.
collect_ignore = [] if find_chromium() else ["test_browser.py"]


class ThreadPool:
    """Cleans in a thread: the outcomes of the real pool without the start of its processes."""

    def __init__(
        self,
        config: CleanConfig,
        *,
        workers: int | None = None,
        templates: Templates | None = None,
        judge: Judge | None = None,
    ) -> None:
        self._config, self._templates, self._judge = config, templates or Templates(), judge
        self._pool = ThreadPoolExecutor(workers)
        self._seen: list[Observation] = []
        self.row = PageQueue(self._send, workers=1, reason_of=lambda _: Reason.CRASHED).put

    def _send(self, batch: Batch) -> "Future[BatchAnswer]":
        return self._pool.submit(self._clean, batch)

    def _clean(self, batch: Batch) -> BatchAnswer:
        answer = clean_pages(batch, self._judge, self._config, self._templates)
        self._seen += answer.seen
        return answer

    def learned(self) -> Templates:
        return self._templates.merge(learn(self._seen))

    def close(self, *, cancel: bool = False) -> None:
        self._pool.shutdown(cancel_futures=cancel)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """An invented web; crawls of this test reach it and nothing else, and clean in a thread."""
    monkeypatch.setattr("crawler.services.CleaningPool", ThreadPool)
    with serving(Web()) as served:
        monkeypatch.setenv("http_proxy", served.url)
        monkeypatch.delenv("no_proxy", raising=False)
        yield served
