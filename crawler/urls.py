"""What a URL says by itself: its canonical form, its identity, its site and its words.

Pure functions, no network (the registered domain comes from the suffix list that courlan's `tld`
carries). Merging two articles loses one of them, fetching one twice costs a request: so only what
is known to name no content is taken away, and every other part of the query stays.
"""

import hashlib
import re
from collections.abc import Collection
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import idna
from courlan import extract_domain

DEFAULT_PORTS = {"http": 80, "https": 443}

# Parameters that say where a reader came from. Whole names or prefixes only: courlan's own list
# takes cid, eid, uid and source as well, which name the article on some systems.
_TRACKING = re.compile(
    r"(?:utm|mtm|matomo|pk|piwik|itm|hsa|oly|vero|wt|ns|mkt|mc|cm|bb|at|xtor|ga|fb|ga4)_[a-z0-9_]+"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|gad_source|gad_campaignid|msclkid|yclid|ysclid|twclid|ttclid"
    r"|igsh|igshid|srsltid|li_fat_id|mkt_tok|_hsenc|_hsmi|__hstc|__hssc|__s|s_cid|s_kwcid|ef_id|epik"
    r"|xtor|ncid|icid|ocid|cmpid|cmp|rss_?id|smid|sr_share|share_id|sharetype|amp_js_v|amp_gsa|usqp"
    r"|ref_src|ref_url|guccounter|guce_referrer|guce_referrer_sig|__twitter_impression",
    re.IGNORECASE,
)
_SESSION = re.compile(
    r"phpsessid|jsessionid|aspsessionid\w*|asp\.net_sessionid|sessionid|session_id|sessid|sid|cfid|cftoken"
    r"|zenid|oscsid",
    re.IGNORECASE,
)
# `sid` names a story on some systems, so a session is told by its value, too.
_SESSION_VALUE = re.compile(
    r"(?=.*\d)(?=.*[a-z])[0-9a-z._!-]{16,}|[0-9a-f]{16,}|\d{16,}", re.IGNORECASE
)
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;?]*", re.IGNORECASE)
_AMP_QUERY = {("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp"), ("view", "amp")}
_INDEX_FILE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp|shtml)$", re.IGNORECASE)
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
# What `fetchable` would give back as it is: a lower-case host, no port, nothing to escape.
_CLEAN = re.compile(r"https?://[a-z0-9](?:[a-z0-9-]*\.)+[a-z]+/[\w/!$'()*+,;=:@.~-]*", re.ASCII)
_JUNK = re.compile(r"[\x00-\x20\x7f\u200b\ufeff]+")


@lru_cache(maxsize=1_024)
def _split(url: str) -> SplitResult | None:
    """The parts of an http(s) URL with a usable host and port, or None."""
    try:
        parts = urlsplit(url)
        port = parts.port
        name = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in DEFAULT_PORTS or not name or port == 0:
        return None
    return parts


def _ascii_host(name: str) -> str:
    name = name.rstrip(".").lower()
    if name.isascii():
        return name
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return name


def _escape(part: str, safe: str) -> str:
    """One spelling of escapes: unreserved characters bare, upper-case hex, the rest UTF-8."""

    def undo(match: re.Match[str]) -> str:
        byte = int(match[1], 16)
        return chr(byte) if byte in _UNRESERVED else f"%{byte:02X}"

    part = part.encode("utf-8", "replace").decode("utf-8")
    return quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", _ESCAPE.sub(undo, part)), safe=safe + "%")


def _plain_path(path: str) -> str:
    """Dot segments resolved (RFC 3986 5.2.4) and repeated slashes folded, except after a colon."""
    out: list[str] = []
    for segment in re.sub(r"(?<!:)/{2,}", "/", path).split("/"):
        if segment == "..":
            if len(out) > 1:
                out.pop()
        elif segment != ".":
            out.append(segment)
    joined = "/".join(out)
    if path.endswith(("/.", "/..")) and not joined.endswith("/"):
        joined += "/"
    return joined if joined.startswith("/") else f"/{joined}"


def _kept(piece: str) -> bool:
    name, _, value = piece.partition("=")
    if name.lower() in ("ref", "referrer"):
        return value.isdigit()  # a number may be the article's
    if _TRACKING.fullmatch(name):
        return False
    return not (_SESSION.fullmatch(name) and _SESSION_VALUE.fullmatch(value))


def resolve(base: str, href: str) -> str | None:
    """The absolute http(s) URL that `href` means on `base`, without its fragment; else None."""
    href = _JUNK.sub("", href) if "\n" in href or "\t" in href else href.strip()
    if not href or href.startswith("#"):
        return None
    try:
        # Most links are whole or begin at the root; urljoin costs five times as much.
        if href.startswith("/") and not href.startswith("//"):
            joined = _root(base) + href
        else:
            joined = href if href.startswith(("https://", "http://")) else urljoin(base, href)
    except ValueError:
        return None
    return fetchable(joined.partition("#")[0])


@lru_cache(maxsize=256)
def _root(base: str) -> str:
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}"


def fetchable(url: str) -> str | None:
    """The URL to ask for: its whole query, no fragment, host in ASCII; None if not http(s).

    >>> fetchable("HTTP://Nord.example:80/a?utm_source=x#top")
    'http://nord.example/a?utm_source=x'
    """
    url = url.strip()
    if _CLEAN.fullmatch(url):
        return url
    parts = _split(url)
    if parts is None:
        return None
    path = _escape(parts.path or "/", "/:@!$&'()*+,;=")
    query = _escape(parts.query, "/:@!$&'()*+,;=?[]|")
    return f"{parts.scheme.lower()}://{_authority(parts)}{path}" + (f"?{query}" if query else "")


def _authority(parts: SplitResult) -> str:
    name = _ascii_host(parts.hostname or "")
    if ":" in name:
        name = f"[{name}]"
    port = parts.port
    return name if port is None or port == DEFAULT_PORTS[parts.scheme.lower()] else f"{name}:{port}"


@lru_cache(maxsize=16_384)
def canonicalize(url: str) -> str:
    """The URL in its one spelling, without what names no content; others come back stripped.

    Dropped: fragment, user name, default port, tracking parameters, session ids. Kept: the
    order and every other part of the query, scheme, `www.`, trailing slash.

    >>> canonicalize("https://Nord.example:443/a/../b%7e?utm_source=feed&id=7#top")
    'https://nord.example/b~?id=7'
    >>> canonicalize("https://nord.example/story?12345")
    'https://nord.example/story?12345'
    """
    url = url.strip()
    parts = _split(url)
    if parts is None:
        return url
    path = _escape(_plain_path(_PATH_SESSION.sub("", parts.path)), "/:@!$&'()*+,;=")
    query = "&".join(p for p in re.split(r"&(?:amp;)?", parts.query) if p and _kept(p))
    query = _escape(query, "/:@!$'()*+,;=?[]|&")
    return f"{parts.scheme.lower()}://{_authority(parts)}{path}" + (f"?{query}" if query else "")


@lru_cache(maxsize=16_384)
def fingerprint(url: str) -> str:
    """20 hex digits that are equal for spellings of one address: the key of the frontier.

    Beyond `canonicalize`, these do not count: http or https, `www.`, a trailing slash, the name
    of an index file, and the order of the query.

    >>> fingerprint("http://www.nord.example/a/?x=1&y=2") == fingerprint("https://nord.example/a?y=2&x=1")
    True
    """
    canonical = canonicalize(url)
    parts = _split(canonical)
    if parts is None:
        return hashlib.sha256(canonical.encode("utf-8", "replace")).hexdigest()[:20]
    path = _INDEX_FILE.sub("/", parts.path).rstrip("/")
    query = "&".join(sorted(parts.query.split("&")))
    same = f"{parts.netloc.removeprefix('www.')}{path}?{query}"
    return hashlib.sha256(same.encode("utf-8", "replace")).hexdigest()[:20]


def host(url: str) -> str:
    """Host name in ASCII, with its port unless it is the scheme's own; empty if there is none."""
    parts = _split(url.strip())
    return _authority(parts) if parts else ""


@lru_cache(maxsize=8192)
def _site_of(name: str) -> str:
    bare = name.rsplit(":", 1)[0] if not name.startswith("[") else name
    try:
        ip_address(bare.strip("[]"))
    except ValueError:
        pass
    else:
        return name
    registered = extract_domain(f"http://{bare}/")
    if registered:
        return str(registered)
    # Unknown suffixes (.example, .test, .localhost, names of an intranet): the last two labels.
    return ".".join(name.split(".")[-2:])


def site(url: str) -> str:
    """The registered domain (`bbc.co.uk`), or the address itself for IP addresses; no network.

    >>> site("https://m.news.nord.example/x")
    'nord.example'
    """
    return _site_of(host(url))


def in_scope(url: str, sites: Collection[str]) -> bool:
    """Whether the URL belongs to one of `sites`, made by `site`; no sites means all."""
    return not sites or site(url) in sites


def desktop_form(url: str) -> str:
    """The page that an AMP or mobile URL probably stands for; others as canonicalize gives them.

    A hint only: a page's rel=canonical decides, this saves the second fetch when both were seen.

    >>> desktop_form("https://m.nord.example/a/amp/?amp=1")
    'https://nord.example/a'
    """
    parts = _split(canonicalize(url))
    if parts is None:
        return url
    name = re.sub(r"^(?:amp|m|mobile|mobil)\.(?=[^.]+\.[^.]+)", "", parts.netloc)
    path = re.sub(r"^/amp(?=/.)", "", parts.path)
    path = re.sub(r"(?<=.)/amp/?$|(?<=.)\.amp(?=\.html?$|$)", "", path)
    path = re.sub(r"[.-]amp(?=\.html?$)", "", path)
    pairs = [
        piece
        for piece in parts.query.split("&")
        if piece and tuple(piece.lower().partition("=")[::2]) not in _AMP_QUERY
    ]
    return f"{parts.scheme}://{name}{path}" + (f"?{'&'.join(pairs)}" if pairs else "")
