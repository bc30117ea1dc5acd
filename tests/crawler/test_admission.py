import pytest

from crawler import admission
from crawler.admission import Gate
from crawler.frontier.base import Robots
from crawler.model import Kind, Lead, Manners
from crawler.robots import read_rules


def reason(gate: Gate, url: str, **more: object) -> str | None:
    verdict = gate.judge(Lead(url, **more)).verdict  # type: ignore[arg-type]
    return str(verdict.reason) if verdict else None


@pytest.mark.parametrize(
    ("url", "expect"),
    [
        ("http://nord.example/news/a.html", None),
        ("https://www.nord.example/news/a.html", None),
        ("http://sued.example/a", "off-scope"),
        ("http://nord.example.sued.example/a", "off-scope"),
        ("http://nord.example/calendar/2024/05/01/", "trap"),
        ("http://nord.example/a/b/a/b/a/b", "trap"),
        ("http://nord.example/?filter=a&sort=b", "trap"),
        ("mailto:desk@nord.example", "forbidden-address"),
        ("javascript:void(0)", "forbidden-address"),
        ("file:///etc/passwd", "forbidden-address"),
        ("http://127.0.0.1/a", "forbidden-address"),
        ("http://nord.example:99999/", "forbidden-address"),
        ("http://[/", "forbidden-address"),
    ],
)
def test_urls_are_judged_on_their_way_in(url: str, expect: str | None) -> None:
    assert reason(Gate(Manners(), sites=frozenset({"nord.example"})), url) == expect


def test_what_was_asked_by_name_is_let_in_but_not_to_private_addresses() -> None:
    gate = Gate(Manners(), sites=frozenset({"nord.example"}))
    assert reason(gate, "http://sued.example/calendar/2024/05/", asked=True) is None
    assert reason(gate, "http://10.0.0.1/", asked=True) == "forbidden-address"
    assert reason(gate, "http://sued.example/", asked=True, hops=1) == "off-scope"


def test_tracking_goes_and_the_found_spelling_is_remembered() -> None:
    lead = Gate(Manners()).judge(Lead("http://nord.example/a?utm_source=feed&id=3#top"))
    assert (lead.url, lead.spelling) == (
        "http://nord.example/a?id=3",
        "http://nord.example/a?utm_source=feed&id=3",
    )


def test_links_too_deep_are_off_scope() -> None:
    gate = Gate(Manners(), max_depth=2)
    assert reason(gate, "http://nord.example/a", depth=2) is None
    assert reason(gate, "http://nord.example/b", depth=3) == "off-scope"


def test_wildcard_names_are_bounded() -> None:
    gate = Gate(Manners())
    verdicts = [reason(gate, f"http://h{n}.nord.example/a") for n in range(1_000)]
    assert verdicts.count(None) == admission.MAX_HOSTS_PER_SITE
    assert reason(gate, "http://sued.example/a") is None


def test_urls_of_one_host_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "MAX_URLS_PER_HOST", 10)
    gate = Gate(Manners())
    verdicts = [reason(gate, f"http://nord.example/{n}") for n in range(15)]
    assert verdicts == [None] * 10 + ["trap"] * 5


@pytest.mark.parametrize(
    ("kind", "bound"),
    [
        (Kind.SITEMAP, admission.MAX_SOURCES_PER_SITE),
        (Kind.SECTION, admission.MAX_SECTIONS_PER_SITE),
    ],
)
def test_sources_of_one_site_are_bounded(kind: Kind, bound: int) -> None:
    gate = Gate(Manners())
    verdicts = [reason(gate, f"http://nord.example/s{n}.xml", kind=kind) for n in range(bound + 20)]
    assert verdicts.count("trap") == 20


def test_known_urls_do_not_count_again() -> None:
    gate = Gate(Manners())
    for _ in range(admission.MAX_SECTIONS_PER_SITE * 2):
        lead = gate.judge(Lead("http://nord.example/s", Kind.SECTION), new=False)
        assert lead.verdict is None


@pytest.mark.parametrize(
    ("robots", "expect"),
    [
        (Robots(200, b"User-agent: *\nDisallow: /private", 0.0), "robots-denied"),
        (Robots(503, b"", 0.0), "robots-unreachable"),
        (Robots(404, b"", 0.0), None),
    ],
)
def test_what_robots_txt_is_known_to_forbid_waits_for_no_turn(
    robots: Robots, expect: str | None
) -> None:
    rules = {"http://nord.example": read_rules(robots)}
    gate = Gate(Manners(), rules=rules)
    assert reason(gate, "http://nord.example/private/a") == expect
    assert reason(gate, "https://nord.example/private/a") is None
    assert (
        reason(Gate(Manners(obey_robots=False), rules=rules), "http://nord.example/private") is None
    )
