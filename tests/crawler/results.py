"""What a crawl left in its output, for assertions."""

from collections import Counter
from pathlib import Path

from cleaners.model import Article, Rejection
from cleaners.store.dataset import Dataset
from crawler.model import CrawlJob, Manners

QUICK = Manners(delay=0.0, jitter=0.0, per_host=4, timeout=10.0)


def job(spider: str, out: Path, *urls: str, manners: Manners = QUICK, **more: object) -> CrawlJob:
    given: dict[str, object] = {"limit": 0, "workers": 1, **more}
    return CrawlJob(spider=spider, out=out, urls=urls, manners=manners, **given)  # type: ignore[arg-type]


def articles(out: Path) -> dict[str, Article]:
    """The stored articles by URL; each must be there once."""
    found = list(Dataset.open(out).articles())
    counts = Counter(article.url for article in found)
    assert not [url for url, count in counts.items() if count > 1]
    return {str(article.url): article for article in found}


def rejections(out: Path) -> dict[str, Rejection]:
    """The stored rejections by source; each must be there once."""
    found = list(Dataset.open(out).rejections())
    counts = Counter(rejection.source for rejection in found)
    assert not [source for source, count in counts.items() if count > 1]
    return {rejection.source: rejection for rejection in found}


def reasons(out: Path) -> dict[str, str]:
    return {source: str(rejection.reason) for source, rejection in rejections(out).items()}
