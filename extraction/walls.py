"""Pages that stand in an article's place: a paywall's teaser, a question of consent, a check for robots.

What the page itself declares counts, and the machinery of known walls; never phrases alone (cookie banners lie over
articles that are whole, and so do invitations to subscribe).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from extraction.jsonld import Object

WHOLE = 1_800  # characters of text: an article that calls itself paid for and gives so much is (nearly) all there
SHORT = 1_200  # below this, a box that sells subscriptions is where the rest of the article would be
_CONSENT_HOST = re.compile(r"^(?:consent|guce|cmp|consensu|privacy-mgmt|myprivacy|zustimmung)\.|\.consensu\.org$")
_CONSENT_PATH = re.compile(r"^/(?:collectConsent|v2/collectConsent|consent(?:[/?]|$)|ml\?continue=|cookie-?wall)",
                           re.IGNORECASE)
_CHALLENGE = re.compile(
    r"/cdn-cgi/challenge-platform/|cf-browser-verification|cf_chl_opt|id=[\"']challenge-form|_Incapsula_Resource"
    r"|captcha-delivery\.com|px-captcha|/_sec/cp_challenge|awswaf\.com/[^\"']{0,200}challenge|ddos-guard\.net/check"
    r"|/\.well-known/sgcaptcha", re.IGNORECASE)
_CHALLENGE_TITLE = re.compile(
    r"^\s*(?:just a moment|attention required|access denied|un momento|einen moment|nur einen moment|один момент"
    r"|checking your browser|please wait|verifying you are human|ddos-guard|security check|robot check|pardon our "
    r"interruption)\b", re.IGNORECASE)
# Names that publishers give their barriers. Those of the software behind them (piano, tinypass) and "subscriber-only"
# stand as often on flyouts and teasers of other articles: of 200 saved pages two short whole ones carried them.
_PAYWALL_BOX = (
    '[class*="paywall" i], [id*="paywall" i], [class*="regwall" i], [class*="meter-wall" i], '
    '[class*="premium-barrier" i], [class*="subscription-barrier" i], [class*="article-gate" i], '
    '[class*="abo-wall" i], [class*="reserved-for-subscribers" i], [class*="offer-wall" i], [data-paywall], '
    '[data-testid*="paywall" i], aside.gate')
_PAID_META = (("article:content_tier", {"locked", "metered"}), ("content_tier", {"locked", "metered"}),
              ("cxense-access", {"paid", "subscription"}), ("access", {"paid"}))
_LOOKED_AT = 300_000  # characters: a check for robots is a small page


def is_consent_address(url: str) -> bool:
    """The address of a page that asks for consent, to which a reader was led instead of the article."""
    parts = urlsplit(url)
    where = parts.path + (f"?{parts.query}" if parts.query else "")
    return bool(_CONSENT_HOST.search((parts.hostname or "").lower()) or _CONSENT_PATH.search(where))


def is_challenge(tree: LexborHTMLParser, html: str, *, readable: bool) -> bool:
    """A check for robots instead of a page: its machinery, under a title of its own or with nothing readable beside it.

    The machinery alone proves nothing: Cloudflare puts some of it into ordinary pages.
    """
    node = tree.css_first("title")  # first, for it is cheap: the search for machinery takes 3 ms a page
    titled = node is not None and _CHALLENGE_TITLE.search(node.text() or "") is not None
    return (titled or not readable) and _CHALLENGE.search(html[:_LOOKED_AT]) is not None


def paid_for(data: Object, meta: Mapping[str, str]) -> bool:
    """The page declares that the article is not free: JSON-LD isAccessibleForFree, or the meta tags of paywalls."""
    free = data.get("isAccessibleForFree")
    if isinstance(free, list):
        free = free[0] if free else None
    declared = free is False or (isinstance(free, str) and free.strip().lower().rpartition("/")[2] in {"false", "no"})
    return declared or any(str(meta.get(name) or "").strip().lower() in values for name, values in _PAID_META)


def has_barrier(tree: LexborHTMLParser) -> bool:
    """There is a box that asks for a subscription, by the names that paywalls give it."""
    return tree.css_first(_PAYWALL_BOX) is not None


def is_teaser(text: str, *, declared: bool, barrier: bool) -> bool:
    """So little of an article stands here that the rest lies behind the paywall."""
    return (declared and len(text) < WHOLE) or (barrier and len(text) < SHORT)
