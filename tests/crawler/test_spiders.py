"""Every spider loads, starts under plain Scrapy, and says what is wrong with its arguments."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from cleaners.errors import ConfigError
from crawler import settings as project
from crawler.arguments import job_of, words
from crawler.model import CrawlJob, Manners
from crawler.spiders.base import FrontierSpider
from tests.crawler.results import articles
from tests.crawler.web import Web

MAX_SPIDER_LINES = 110


def project_settings(**more: object) -> Settings:
    settings = Settings()
    settings.setmodule(project, priority="project")
    settings.setdict(more, priority="cmdline")
    return settings


def loader() -> SpiderLoader:
    return SpiderLoader.from_settings(project_settings())


def test_all_four_are_there() -> None:
    assert sorted(loader().list()) == ["pages", "related", "replay", "site"]


@pytest.mark.parametrize("name", ["pages", "related", "replay", "site"])
def test_a_spider_is_a_short_declaration(name: str) -> None:
    spider = loader().load(name)
    assert issubclass(spider, FrontierSpider)
    source = Path(project.__file__).parent / "spiders" / f"{name}.py"
    assert len(source.read_text().splitlines()) <= MAX_SPIDER_LINES


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("REMOTE_CONTROL_ENABLED", False),
        ("TELNETCONSOLE_ENABLED", False),
        ("COOKIES_ENABLED", False),
        ("DOWNLOAD_VERIFY_CERTIFICATES", True),
        ("HTTPCACHE_ENABLED", False),
        ("REFERER_ENABLED", False),
        ("REDIRECT_ENABLED", False),
        ("RETRY_ENABLED", False),
        ("COMPRESSION_ENABLED", False),
    ],
)
def test_settings_that_are_unsafe_by_default_are_set(name: str, safe: bool) -> None:
    assert project_settings().getbool(name) is safe


def test_each_setting_has_its_reason() -> None:
    lines = Path(project.__file__).read_text().splitlines()
    for number, line in enumerate(lines):
        if line[:1].isupper() and " = " in line and not line.startswith(("BOT_NAME", "SPIDER_M")):
            above = "".join(lines[max(0, number - 4) : number])
            assert "#" in above + line or line.startswith(("NEWSPIDER", "TWISTED")), line


def test_only_http_is_fetched() -> None:
    handlers = project_settings().getdict("DOWNLOAD_HANDLERS")
    assert {name for name, handler in handlers.items() if handler is None} == {
        "data",
        "file",
        "ftp",
        "s3",
    }


def test_arguments_make_the_job_of_the_command_line(tmp_path: Path) -> None:
    listed = tmp_path / "urls.txt"
    listed.write_text("# comment\nhttp://nord.example/a\n\nhttp://nord.example/b\n")
    arguments = {"urls": str(listed), "limit": "7", "out": str(tmp_path), "workers": "2"}
    job = job_of("pages", arguments, project_settings(USER_AGENT="Desk/1 (+mailto:a@b.example)"))
    assert job == CrawlJob(
        "pages",
        tmp_path,
        urls=("http://nord.example/a", "http://nord.example/b"),
        limit=7,
        workers=2,
        manners=Manners(user_agent="Desk/1 (+mailto:a@b.example)"),
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"limit": "many"}, "not a number"), ({"colour": "red"}, "no argument 'colour'")],
)
def test_wrong_arguments_are_named(arguments: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        job_of("pages", arguments, project_settings())


def test_manners_come_from_settings_too() -> None:
    settings = project_settings(WINNOW_MANNERS={"delay": 3.0, "allow_private": True})
    manners = job_of("pages", {}, settings).manners
    assert (manners.delay, manners.allow_private) == (3.0, True)
    with pytest.raises(ConfigError, match="no 'speed'"):
        job_of("pages", {}, project_settings(WINNOW_MANNERS={"speed": 9}))


def test_lists_are_split_at_commas_and_blanks() -> None:
    assert words("http://a.example/,http://b.example/ c") == (
        "http://a.example/",
        "http://b.example/",
        "c",
    )
    assert words(None) == ()


def test_scrapy_runs_a_spider_as_winnow_does(web: Web, tmp_path: Path) -> None:
    urls = web.add_site("nord.example", 2)
    out = tmp_path / "out"
    command = [sys.executable, "-m", "scrapy", "crawl", "site", "-a", "sites=http://nord.example/"]
    command += ["-a", f"out={out}", "-a", "workers=1", "-s", 'WINNOW_MANNERS={"delay": 0}']
    done = subprocess.run(
        command,
        cwd=Path(project.__file__).parent.parent,
        env={**os.environ, "http_proxy": web.url},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert set(articles(out)) == set(urls)
    assert len(list((out / "reports").glob("run-*.json"))) == 1
