"""From settings and the words of a command to the CrawlJob that a run is given."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cleaners.errors import ConfigError, InputError
from cleaners.inputs import FoundFile, find_files
from cleaners.model import Outcome, Seed
from crawler.config import Settings
from crawler.config.model import SERVICES, JobSettings, StorySettings
from crawler.model import CrawlJob
from crawler.redact import redact
from crawler.seeds import SeedSet, read_seeds

_ARCHIVES = (".warc", ".warc.gz", ".warc.zst")


def related_job(
    settings: Settings,
    seeds: Sequence[Seed],
    *,
    sites: Sequence[str] = (),
    feeds: Sequence[str] = (),
    search: Sequence[str] = (),
    limit: int | None = None,
    min_relevance: float | None = None,
) -> CrawlJob:
    """The coverage of the seeds' story; raises ConfigError when there is nowhere to look."""
    for service in search:
        if service not in SERVICES:
            raise ConfigError(f"{service!r} is no search service; there are {', '.join(SERVICES)}")
    if not (sites or feeds or search):
        raise ConfigError(
            "nowhere to look: add --site URL, --feed URL or --search gdelt,bing,google"
        )
    return _job(
        settings,
        "related",
        seeds=tuple(seeds),
        urls=_addresses(sites),
        feeds=_addresses(feeds),
        search=tuple(search),
        endpoints=settings.endpoints,
        limit=settings.crawl.limit if limit is None else limit,
        min_relevance=settings.crawl.min_relevance if min_relevance is None else min_relevance,
    )


def site_job(
    settings: Settings,
    urls: Sequence[str],
    *,
    limit: int | None = None,
    max_depth: int | None = None,
) -> CrawlJob:
    """All articles of sites."""
    return _job(
        settings,
        "site",
        urls=_addresses(urls),
        limit=settings.crawl.limit if limit is None else limit,
        max_depth=settings.crawl.max_depth if max_depth is None else max_depth,
    )


def pages_job(settings: Settings, names: Sequence[str]) -> CrawlJob:
    """Pages by address, or by files with an address a line (# begins a comment)."""
    urls: list[str] = []
    for name in names:
        urls += [name] if "://" in name or not Path(name).exists() else _listed(Path(name))
    addresses = _addresses(urls)
    if not addresses:
        raise InputError(", ".join(names), "no address in it")
    return _job(settings, "pages", urls=addresses, limit=0)


def replay_job(settings: Settings, names: Sequence[str]) -> CrawlJob:
    """The pages of archives."""
    found = [item for item in find_files(names) if isinstance(item, FoundFile)]
    named = set(names)
    warcs = tuple(
        Path(item.path) for item in found if item.source in named or item.path.endswith(_ARCHIVES)
    )
    if not warcs:
        raise InputError(", ".join(names), "no .warc, .warc.gz or .warc.zst file in it")
    return _job(settings, "replay", warcs=warcs, limit=0)


def reclean_job(settings: Settings) -> CrawlJob:
    """The pages of the output's own archive."""
    folder = Path(settings.out) / "warc"
    if not folder.is_dir():
        raise InputError(str(folder), "there is no archive; nothing was fetched into this output")
    return replay_job(settings, [str(folder)])


def job_of(settings: Settings, job: JobSettings) -> CrawlJob:
    """A story or site of winnow.toml as a run."""
    work = job.work
    if isinstance(work, StorySettings):
        read = seeds_for(work.seeds, settings, Path(settings.out))
        return related_job(
            settings,
            read.seeds,
            sites=work.sites,
            feeds=work.feeds,
            search=work.search,
            limit=work.limit,
        )
    return site_job(settings, work.urls, limit=work.limit, max_depth=work.max_depth)


def seeds_for(names: Sequence[str], settings: Settings, out: Path) -> SeedSet:
    """Seeds by path or address; those by address are fetched into the output first."""

    def fetch(urls: Sequence[str]) -> Sequence[Outcome]:
        from crawler.fetching import fetch_outcomes

        return fetch_outcomes(pages_job(settings.with_out(str(out)), urls))

    return read_seeds(names, config=settings.clean, fetch=fetch)


def _job(settings: Settings, spider: str, **more: object) -> CrawlJob:
    return CrawlJob(
        spider=spider,
        out=_folder(settings.out),
        workers=settings.workers,
        frontier=settings.crawl.frontier,
        browser=settings.crawl.browser,
        manners=settings.politeness,
        clean=settings.clean,
        **more,  # type: ignore[arg-type]
    )


def _folder(out: str) -> Path:
    """The output of a crawl: its archive and frontier need a folder of this machine.

    Raises ConfigError for an object store.
    """
    if "://" in out and not out.startswith("file://"):
        place = redact(out)
        raise ConfigError(
            f"{place}: a crawl keeps its archive and frontier in a folder; crawl into one, "
            f"then store its articles with `winnow clean FOLDER/warc --out {place}`",
            key="out",
        )
    return Path(unquote(out.removeprefix("file://")) if "://" in out else out)


def _addresses(urls: Sequence[str]) -> tuple[str, ...]:
    """Addresses, with https:// before bare host names; raises InputError for what is none."""
    checked: list[str] = []
    for url in urls:
        address = url if "://" in url else f"https://{url}"
        try:
            parts = urlsplit(address)
            host = parts.hostname or ""
        except ValueError as error:
            raise InputError(url, f"not an address: {error}") from error
        if parts.scheme not in ("http", "https") or not host or " " in address:
            raise InputError(url, "not an http or https address")
        if "://" not in url and "." not in host and host != "localhost":
            raise InputError(url, "neither an address nor a file that is there")
        checked.append(address)
    return tuple(checked)


def _listed(path: Path) -> list[str]:
    """The addresses in a text file, one a line."""
    try:
        lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError as error:
        raise InputError(str(path), (error.strerror or "unreadable").lower()) from error
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
