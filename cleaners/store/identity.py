"""Which article a page is: the key that makes storing the same page twice a no-op."""

import hashlib
import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from cleaners.model import Article

# Parameters that say where a reader came from, never which page it is (the prefixes and names that
# analytics vendors document); anything else may name the page and stays.
_TRACKING_PREFIXES = ("utm_", "mc_", "pk_", "ga_", "hsa_", "at_")
_TRACKING_NAMES = frozenset(
    """fbclid gclid dclid gbraid wbraid msclkid yclid igshid cmpid ncid ocid smid ito ref_src
    ref_url amp wt_mc wt_zmc xtor __twitter_impression""".split()  # noqa: SIM905 - easier to read
)
# Most addresses, at a fifth of the time: an index of a million articles has two million of them.
_PLAIN = re.compile(
    r"https?://(?:www\.)?((?!www\.)[a-z0-9][a-z0-9.-]*)((?:/[\w~.,@!$&'()*+;=:%/-]*)?)"
)
_DEFAULT_PORTS = {"http": 80, "https": 443}


# One article asks for its few addresses up to six times: for its key, its domain and its rejects.
_REMEMBERED = 256


@lru_cache(maxsize=_REMEMBERED)
def page_key(url: str) -> str:
    """One spelling for the addresses of one page: no scheme, www., fragment or tracking.

    >>> page_key("HTTPS://www.Daily.example:443/a/?utm_source=x&id=7#top")
    'daily.example/a?id=7'
    >>> page_key("notes/one.txt")
    'notes/one.txt'
    """
    plain = _PLAIN.fullmatch(url)
    if plain is not None:
        return plain[1] + plain[2].rstrip("/")
    return _taken_apart(url)


def _taken_apart(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url
    if not parts.scheme or not parts.hostname:
        return url
    host = parts.hostname.removeprefix("www.")
    if port is not None and port != _DEFAULT_PORTS.get(parts.scheme.lower()):
        host = f"{host}:{port}"
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.lower().startswith(_TRACKING_PREFIXES) and name.lower() not in _TRACKING_NAMES
    ]
    tail = f"?{urlencode(sorted(query))}" if query else ""
    return host + parts.path.rstrip("/") + tail


@lru_cache(maxsize=_REMEMBERED)
def domain_of(url: str | None) -> str | None:
    """The host of a URL in lower case without www.; None without a host.

    >>> domain_of("https://www.Daily.example/a")
    'daily.example'
    """
    if not url:
        return None
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def family(host: str | None) -> str:
    """What the hosts of one site have in common, roughly; "" of none."""
    return ".".join((host or "").split(".")[-2:])


def _names_this_page(canonical: str, url: str) -> bool:
    """Whether a canonical address may stand for the page at `url`.

    A copy of a wire story names another site's page, and broken templates name the front page on
    every page: both would fold different articles into one.
    """
    if page_key(canonical) == page_key(url):
        return True
    if family(domain_of(canonical)) != family(domain_of(url)):
        return False
    try:
        front = urlsplit(canonical).path.strip("/") == "" and not urlsplit(canonical).query
        return not front or urlsplit(url).path.strip("/") == ""
    except ValueError:
        return False


def article_id(article: Article) -> str:
    """32 hex digits from the canonical URL if it can be believed, else the URL, else the source."""
    url, canonical = article.url, article.metadata.url_canonical
    if url and canonical and _names_this_page(canonical, url):
        name = page_key(canonical)
    else:
        name = page_key(url or article.source)
    return hashlib.sha256(name.encode("utf-8", "backslashreplace")).hexdigest()[:32]


@lru_cache(maxsize=_REMEMBERED)
def source_key(source: str) -> int:
    """64 bits that name a source: what ties a reject to the article it later became."""
    name = page_key(source).encode("utf-8", "backslashreplace")
    return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "little")
