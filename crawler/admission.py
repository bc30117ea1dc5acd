"""Which URLs are let into the frontier: in scope, no trap, no forbidden address, within bounds."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from cleaners.model import Reason, Rejection, Stage
from crawler import urls
from crawler.address import forbidden
from crawler.model import Kind, Lead, Manners
from crawler.redact import redact
from crawler.robots import ROBOTS_VERDICTS, Access, Rules, robots_origin
from crawler.traps import trap

MAX_URLS_PER_HOST = 50_000
"""URLs of one host that a run takes in: a newspaper's sitemap of a year, no endless calendar."""
MAX_HOSTS_PER_SITE = 50
"""Host names below one registered domain: wildcard DNS makes any number of them."""
MAX_SOURCES_PER_SITE = 300
"""Feeds and sitemaps read of one site in a run: sitemaps can name each other for ever."""
MAX_SECTIONS_PER_SITE = 60
"""Section pages read of one site in a run; what they list stands in feeds and sitemaps as well."""


@dataclass(slots=True)
class Gate:
    """Judges URLs on their way in; one a run. `sites` is the scope, empty for the whole web."""

    manners: Manners
    sites: Collection[str] = ()
    max_depth: int = 3
    rules: Mapping[str, Rules] = field(default_factory=dict)
    """What robots.txt files have said so far, by origin."""
    _urls: Counter[str] = field(default_factory=Counter)
    _hosts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _sources: Counter[tuple[str, bool]] = field(default_factory=Counter)

    def judge(self, lead: Lead, *, new: bool = True) -> Lead:
        """The lead in the spelling that is asked for, with a verdict if it is not to be fetched.

        `new` ones count against the bounds.
        """
        if lead.verdict is not None:
            return lead
        url = urls.fetchable(urls.canonicalize(lead.url))
        if url is None:
            # What is no address may hold a password all the same; the others lose theirs above.
            lead = replace(lead, url=redact(lead.url))
            return _refused(lead, Reason.FORBIDDEN_ADDRESS, "not an http address")
        found = urls.fetchable(lead.url)
        lead = replace(lead, url=url, spelling=found if found != url else None)
        why = None if self.manners.allow_private else forbidden(url)
        if why is not None:
            return _refused(lead, Reason.FORBIDDEN_ADDRESS, why)
        known = self.rules.get(robots_origin(url)) if self.manners.obey_robots else None
        if known is not None:
            access = known.access(url, self.manners.user_agent)
            if access is not Access.ALLOWED:
                # Told here rather than when its host's turn comes: no turn is spent on it.
                return _refused(lead, *ROBOTS_VERDICTS[access], stage=Stage.ROBOTS)
        if lead.asked and lead.hops == 0:
            return lead
        if not urls.in_scope(url, self.sites):
            return _refused(lead, Reason.OFF_SCOPE, f"{urls.site(url)} is not among the sites")
        why = trap(url)
        if why is not None:
            return _refused(lead, Reason.TRAP, why)
        if lead.depth > self.max_depth:
            return _refused(lead, Reason.OFF_SCOPE, f"more than {self.max_depth} links deep")
        return self._counted(lead) if new else lead

    def _counted(self, lead: Lead) -> Lead:
        host, site = urls.host(lead.url), urls.site(lead.url)
        hosts = self._hosts[site]
        if host not in hosts and len(hosts) >= MAX_HOSTS_PER_SITE:
            return _refused(lead, Reason.TRAP, f"more than {MAX_HOSTS_PER_SITE} hosts of {site}")
        hosts.add(host)
        self._urls[host] += 1
        if self._urls[host] > MAX_URLS_PER_HOST:
            return _refused(lead, Reason.TRAP, f"more than {MAX_URLS_PER_HOST} URLs of {host}")
        if lead.kind is not Kind.PAGE:
            section = lead.kind is Kind.SECTION
            bound = MAX_SECTIONS_PER_SITE if section else MAX_SOURCES_PER_SITE
            self._sources[site, section] += 1
            if self._sources[site, section] > bound:
                what = "sections" if section else "feeds and sitemaps"
                return _refused(lead, Reason.TRAP, f"more than {bound} {what} of {site}")
        return lead


def _refused(lead: Lead, reason: Reason, detail: str, *, stage: Stage = Stage.DISCOVER) -> Lead:
    return replace(
        lead,
        verdict=Rejection(
            source=lead.url,
            url=lead.url,
            stage=stage,
            reason=reason,
            detail=detail,
            discovery=lead.discovery,
        ),
    )
