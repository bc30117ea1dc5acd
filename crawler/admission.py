"""Which URLs are let into the frontier: in scope, no trap, no forbidden address, within bounds."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from cleaners.model import Reason, Rejection, Stage
from crawler import urls
from crawler.address import forbidden
from crawler.model import Kind, Lead, Manners
from crawler.traps import trap

MAX_URLS_PER_HOST = 50_000
"""URLs of one host that a run takes in: a big newspaper's sitemap of a year, and no endless calendar."""
MAX_HOSTS_PER_SITE = 50
"""Host names below one registered domain: wildcard DNS makes any number of them."""
MAX_SOURCES_PER_SITE = 300
"""Feeds, sitemaps and sections read of one site in a run: sitemaps can name each other for ever."""


@dataclass(slots=True)
class Gate:
    """Judges URLs on their way in; one a run. `sites` is the scope, empty for the whole web."""

    manners: Manners
    sites: Collection[str] = ()
    max_depth: int = 3
    _urls: Counter[str] = field(default_factory=Counter)
    _hosts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _sources: Counter[str] = field(default_factory=Counter)

    def judge(self, lead: Lead, *, new: bool = True) -> Lead:
        """The lead in the spelling that is asked for, with a verdict if it is not to be fetched.

        `new` ones count against the bounds.
        """
        if lead.verdict is not None:
            return lead
        url = urls.fetchable(urls.canonicalize(lead.url))
        if url is None:
            return _refused(lead, Reason.FORBIDDEN_ADDRESS, "not an http address")
        lead = replace(lead, url=url)
        why = None if self.manners.allow_private else forbidden(url)
        if why is not None:
            return _refused(lead, Reason.FORBIDDEN_ADDRESS, why)
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
            self._sources[site] += 1
            if self._sources[site] > MAX_SOURCES_PER_SITE:
                detail = f"more than {MAX_SOURCES_PER_SITE} feeds, sitemaps and sections of {site}"
                return _refused(lead, Reason.TRAP, detail)
        return lead


def _refused(lead: Lead, reason: Reason, detail: str) -> Lead:
    return replace(
        lead,
        verdict=Rejection(
            source=lead.url,
            url=lead.url,
            stage=Stage.DISCOVER,
            reason=reason,
            detail=detail,
            discovery=lead.discovery,
        ),
    )
