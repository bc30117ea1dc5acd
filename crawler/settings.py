"""Scrapy's settings for Winnow, each with its reason. `winnow …` and `scrapy crawl …` share them.

What a run may choose (pace, user agent, limits …) is in `crawler.model.Manners`; `manners_settings`
turns it into Scrapy's names, so that both ways of running mean the same.
"""

from crawler.model import Manners

BOT_NAME = "winnow"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# One add-on brings the middlewares, pipelines and extensions, so their order stands in one place.
ADDONS = {"crawler.addon.WinnowAddon": 100}

# The frontier is the duplicate filter; Scrapy's own would drop what it asks for again.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
# JOBDIR loses requests at a kill -9; the frontier does not.
JOBDIR = None
# The bound of crawler.traps ends long addresses with a reason; Scrapy's drops them in silence.
URLLENGTH_LIMIT = 0
# The frontier has ordered requests already, by priority and host.
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"
SCHEDULER_PRIORITY_QUEUE = "scrapy.pqueues.ScrapyPriorityQueue"

# robots.txt is obeyed by crawler.middlewares.RobotsMiddleware as RFC 9309 asks: Scrapy's own takes
# a 5xx for "allowed", never fetches it again, and passes over Crawl-delay.
ROBOTSTXT_OBEY = False
# Retries go through the frontier, which waits as long as Retry-After asks and survives a kill;
# Scrapy's middleware asks again within milliseconds.
RETRY_ENABLED = False
# Each hop is a URL of its own in the frontier: judged, paced by its host, and ended with a reason.
REDIRECT_ENABLED = False
METAREFRESH_ENABLED = False
# The frontier's bounds and scope take the place of these. Each would wrap every request and every
# answer in a generator of its own: all of them, a sixteenth of the event loop's time.
HTTPERROR_ALLOW_ALL = True
DEPTH_LIMIT = 0
SPIDER_MIDDLEWARES: dict[str, int | None] = dict.fromkeys(
    (
        "scrapy.spidermiddlewares.start.StartSpiderMiddleware",
        "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware",
        "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware",
        "scrapy.spidermiddlewares.depth.DepthMiddleware",
        "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware",
    )
)
# Likewise: scope is the frontier's, and no site is given a password.
DOWNLOADER_MIDDLEWARES: dict[str, int | None] = dict.fromkeys(
    (
        "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware",
        "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware",
    )
)
# The frontier keeps each host's pause and follows its answer times; AutoThrottle on top would undo
# a Crawl-delay, and a delay in the downloader's slots would hold leases while they wait.
AUTOTHROTTLE_ENABLED = False
DOWNLOAD_DELAY = 0
DOWNLOAD_DELAY_JITTER = 0
# Scrapy would decode bodies on the event loop; the archive needs them as they came.
COMPRESSION_ENABLED = False
# A body that ends too soon is a failure to be tried again, not a short article.
DOWNLOAD_FAIL_ON_DATALOSS = True
# Half a page is dropped at this size, so a warning before it helps nobody.
DOWNLOAD_WARNSIZE = 0
# News is public without cookies; they would tie requests together, and Scrapy's cookie code loads a
# public suffix list from the network.
COOKIES_ENABLED = False
# Nobody is told which page a link was found on.
REFERER_ENABLED = False
# Certificates are verified: an archive of what somebody in between made up is worth nothing.
DOWNLOAD_VERIFY_CERTIFICATES = True
# Both open a port through which anybody on the machine can run code in the crawler.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
# To find that out of its own accord, the first loads an HTTP server: .2 s of every start.
EXTENSIONS: dict[str, int | None] = {"scrapy.extensions.remote_control.RemoteControl": None}
# A validating cache lives in the frontier; Scrapy's hides 304 answers.
HTTPCACHE_ENABLED = False
# The run record says more than the stats, which would fill the log; counting them takes a twentieth
# of the event loop's time.
STATS_CLASS = "scrapy.statscollectors.DummyStatsCollector"
DOWNLOADER_STATS = False
STATS_DUMP = False
# The progress display says it.
LOGSTATS_INTERVAL = 0
LOG_LEVEL = "WARNING"
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# The proxies of the environment (http_proxy, https_proxy, no_proxy) are used, as everybody expects.
HTTPPROXY_ENABLED = True
# Names are resolved in threads; with many hosts the default of ten makes a queue.
REACTOR_THREADPOOL_MAXSIZE = 20
DNS_TIMEOUT = 15
# Scrapy starts so many tasks for every answer, to take what its callback yields: here, one visit.
# Its default of 100 takes 0.6 ms a page of the crawling process's time.
CONCURRENT_ITEMS = 1
# Answers wait in memory for a cleaning process: at most this much before fetching pauses.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 50_000_000
# Only what a page may be is asked for, and codings that every reader of WARC files knows.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip",
}
# Only http(s) is fetched; Scrapy would read file:, data:, ftp: and s3: addresses, too.
DOWNLOAD_HANDLERS: dict[str, str | None] = {"data": None, "file": None, "ftp": None, "s3": None}
# Headers without end would fill the memory: see crawler.handler.
DOWNLOAD_HANDLERS |= dict.fromkeys(("http", "https"), "crawler.handler.BoundedHandler")
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"

# Winnow's own, for `scrapy crawl -s …`; `winnow …` sets them from its options.
WINNOW_OUT = "output"
WINNOW_MANNERS: dict[str, object] = {}


def manners_settings(manners: Manners) -> dict[str, object]:
    """Scrapy's settings for the manners of a run."""
    return {
        "USER_AGENT": manners.user_agent,
        "CONCURRENT_REQUESTS": manners.concurrency,
        # The frontier leases within `per_host`; robots.txt may come on top.
        "CONCURRENT_REQUESTS_PER_DOMAIN": manners.per_host + 1,
        # Total time of a request: a server that sends a byte a second does not hold a slot.
        "DOWNLOAD_TIMEOUT": manners.timeout,
        # Endless bodies end here (Scrapy's default is 1 GiB).
        "DOWNLOAD_MAXSIZE": manners.max_bytes,
    }


globals().update(manners_settings(Manners()))
