"""Scrapy's settings for every fetch of Homeward's: by the worker, by `python -m crawler fetch`, by `scrapy shell`.

What an operator decides (timeouts, sizes, delays, networks) comes from the config and is laid over these by
`with_config`; what is here is not a matter of taste. TECH: 1.1, 2.1 of the measurements say why each stands.
"""

from __future__ import annotations

from typing import Any

from config.model import CrawlSettings

VERSION = "0.1.0"
BOT_NAME = "homeward"
SPIDER_MODULES = ["crawler.spider"]
ROBOTS_NAME = "Homeward"
USER_AGENT = f"Homeward/{VERSION}"

# One engine for all; nothing listens, nothing is kept beside the store.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # on by default since 2.19: a local port that runs any Python
HTTPCACHE_ENABLED = False  # it answers from its cache without asking, and hides outages
COOKIES_ENABLED = False
REFERER_ENABLED = False
METAREFRESH_ENABLED = False
HTTPPROXY_ENABLED = False  # a proxy would resolve names itself, around the guard
RETRY_ENABLED = False  # it asks again at once and knows no Retry-After; the store says when to try again
AUTOTHROTTLE_ENABLED = False  # crawler.pace remembers what it learned, and has a Crawl-delay for its floor
MEMUSAGE_ENABLED = False
STATS_DUMP = False
LOGSTATS_INTERVAL = 0.0
LOG_LEVEL = "WARNING"
LOG_INSTALL_ROOT_HANDLER = False  # config.logs has one, for JSON too, that takes secrets out
HTTPERROR_ALLOW_ALL = True  # every status is an outcome of ours

URLLENGTH_LIMIT = 0  # the guard refuses a long address aloud; that middleware drops it without a word
ROBOTSTXT_OBEY = False  # the built-in middleware lets 2 to 4 of 6 parallel requests through; crawler.robots does not
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.manners.Manners": 50,
    "crawler.robots.RobotsMiddleware": 100,
    "crawler.pace.Pace": 110,
    "crawler.manners.Redirects": 600,
}
REDIRECT_MAX_TIMES = 5
TWISTED_DNS_RESOLVER = "crawler.guard.GuardedResolver"
REACTOR_THREADPOOL_MAXSIZE = 20  # name look-ups
DOWNLOAD_HANDLERS = {
    "http": "crawler.wire.ShortPool", "https": "crawler.wire.ShortPool",
    "file": None, "ftp": None, "s3": None, "data": None,
}
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_DELAY_JITTER = 0.5
DOWNLOAD_WARNSIZE = 0
CONCURRENT_ITEMS = 1  # Scrapy makes so many tasks for every answer, a third of what a 304 costs; we yield no items
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 64 * 1024 * 1024  # 5 MB: one large page in a slow reader would stop all
DEFAULT_REQUEST_HEADERS = {
    "Accept": "application/rss+xml, application/atom+xml, application/feed+json, text/html;q=0.9, */*;q=0.8",
    "Accept-Language": "*",
}


def with_config(crawl: CrawlSettings) -> dict[str, Any]:
    """These settings and the operator's, as AsyncCrawlerProcess takes them."""
    fixed = {name: value for name, value in globals().items() if name.isupper() and name != "VERSION"}
    contact = f" (+{crawl.contact})" if crawl.contact else ""
    return fixed | {
        "USER_AGENT": USER_AGENT + contact,
        "CONCURRENT_REQUESTS": 0,  # the spider claims no more work than `concurrency`, robots.txt beside it
        "CONCURRENT_REQUESTS_PER_DOMAIN": crawl.per_host,
        "DOWNLOAD_DELAY": crawl.delay,
        "DOWNLOAD_TIMEOUT": crawl.page_timeout,
        "DOWNLOAD_MAXSIZE": crawl.page_max_bytes,
        "HOMEWARD_ALLOW_NETWORKS": list(crawl.allow_networks),
        "HOMEWARD_OBEY_ROBOTS": crawl.obey_robots,
    }
