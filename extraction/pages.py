"""A page's bytes to an article.

    page | decode | one tree | metadata: a ladder per field | prune | text | language | article

Extraction never fetches: it runs on a saved page as in the crawl. Its caller gives it a deadline and a memory limit.
"""

from __future__ import annotations

import re
from datetime import datetime

from extraction import metadata, page_dates, walls
from extraction.addresses import canonical
from extraction.dates import read_date
from extraction.decoding import decode
from extraction.jsonld import article_object
from extraction.language import identify
from extraction.main_text import is_wall, main_text
from extraction.page_tree import LARGEST, parsed
from extraction.text import clean_text, storable
from records.errors import UnreadableError
from records.news import Article, Entry, Page, Source

_NOT_PAGES = ("image/", "video/", "audio/", "font/", "application/pdf", "application/zip", "application/octet-stream")
_BINARY = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")  # in no encoding of text; NULs are UTF-16, or a nuisance
_WHAT = {b"%PDF": "a PDF", b"\x89PNG": "a picture", b"GIF8": "a picture", b"\xff\xd8\xff": "a picture",
         b"PK\x03\x04": "an archive"}


def read_page(page: Page, *, entry: Entry | None = None, source: Source | None = None) -> Article:
    """The article of a page, with what its feed entry said as a rung of its own.

    Raises UnreadableError with the rule `no-text` (nothing to read), `consent`, `challenge` (a check for robots),
    `paywall` (a teaser, where the entry says something as well), `not-a-page` or `too-deep`.
    """
    html = _html(page)
    tree = parsed(html, page.url)
    if page.url != page.requested_url and walls.is_consent_address(page.url):
        raise UnreadableError(f"{page.requested_url} led to {page.url}, which asks for consent", rule="consent")
    if walls.is_challenge(tree, html, readable=True):
        raise UnreadableError(f"{page.url} answered with a check for robots", rule="challenge")
    mirrors = source.mirrors if source else ()
    meta, data = metadata.metas(tree), article_object(tree, page.url)
    sites = metadata.site_names(data, meta, source, page.url)
    url, url_rung = metadata.canonical_address(tree, meta, page.url, mirrors)
    title, title_rung = metadata.title(tree, data, meta, sites)
    if title is None and entry is not None and entry.title:
        title, title_rung = entry.title, "feed"
    authors, author_rung = metadata.authors(tree, data, meta, sites)
    if not authors and entry is not None and entry.authors:
        authors, author_rung = entry.authors, "feed"
    published, published_rung = page_dates.published(
        tree, data, meta=meta, url=page.url, entry=entry, latest=page.fetched_at,
        country=source.country if source else None)
    hint = metadata.declared_language(tree, data, meta) or (entry.lang if entry else None)
    paid, barrier = walls.paid_for(data, meta), walls.has_barrier(tree)
    text = main_text(tree, title)
    if not text:
        rule = "paywall" if paid else "challenge" if walls.is_challenge(tree, html, readable=False) else "no-text"
        raise UnreadableError(f"{page.url} has no text that could be an article", rule=rule)
    if entry is not None and entry.summary and walls.is_teaser(text, declared=paid, barrier=barrier):
        raise UnreadableError(f"{page.url} is behind a paywall and shows {len(text)} characters", rule="paywall")
    rungs = (("url", url_rung), ("title", title_rung), ("published", published_rung), ("authors", author_rung))
    return Article(
        url=url, source_id=source.id if source else None, outlet=metadata.outlet(data, meta, source, page.url),
        title=title, text=text, lang=identify(text, hint), published=published, authors=authors,
        modified=page_dates.modified(data, meta=meta, latest=page.fetched_at, published_at=published),
        lead=metadata.lead(data, meta, text.split("\n")), addresses=_addresses(page, entry, url),
        ladder=tuple((field, rung) for field, rung in rungs if rung), fetched_at=page.fetched_at)


def article_from_entry(entry: Entry, *, source: Source | None, why_partial: str, fetched_at: datetime) -> Article:
    """What a feed says of an article whose page can't be had. Raises UnreadableError (`no-text`) if that is nothing."""
    text = entry.summary or entry.title or ""
    if not text:
        raise UnreadableError(f"the entry {entry.url or entry.key} has neither title nor summary", rule="no-text")
    title = entry.title if entry.summary else None
    written = read_date(entry.published_raw or "", source.country if source else None) if entry.published else None
    hint = entry.lang or (source.languages[0] if source and len(source.languages) == 1 else None)
    url = canonical(entry.url, source.mirrors if source else ()) if entry.url else None
    return Article(
        url=url, source_id=source.id if source else None, outlet=source.name if source else None, title=title,
        text=text, lang=identify(f"{title or ''} {text}", hint), published=written.iso() if written else None,
        authors=entry.authors, lead=entry.summary, addresses=(entry.url,) if entry.url and entry.url != url else (),
        from_entry=True, why_partial=why_partial, fetched_at=fetched_at,
        ladder=(("title", "feed"), *((("published", "feed"),) if written else ())))


def article_from_text(text: str, *, title: str | None = None, published: str | None = None, lang: str | None = None,
                      outlet: str | None = None, url: str | None = None, imported_id: str | None = None) -> Article:
    """An article given as text (import, `extract`). Raises UnreadableError (`no-text`) where there is none.

    The text stays as it is, so that offsets into it hold; what can't be stored is replaced by U+FFFD.
    """
    kept = storable(text)
    if not kept.strip():
        raise UnreadableError(f"{imported_id or url or 'the text'} is empty", rule="no-text")
    written = read_date(published) if published else None
    return Article(
        url=canonical(url) if url else None, source_id=None, outlet=outlet, text=kept,
        title=storable(title) if title else None, lang=lang or identify(f"{title or ''}\n{kept}"),
        published=written.iso() if written else _partial(published),
        addresses=(url,) if url and canonical(url) != url else (), imported_id=imported_id)


def _html(page: Page) -> str:
    kind = (page.content_type or "").lower()
    what = next((name for magic, name in _WHAT.items() if page.body.startswith(magic)), None)
    if what or kind.startswith(_NOT_PAGES):
        raise UnreadableError(f"{page.url} is {what or kind.split(';')[0]} and not a web page", rule="not-a-page")
    if len(_BINARY.findall(page.body[:2_000])) > 100:
        raise UnreadableError(f"{page.url} is no text", rule="not-a-page")
    return decode(page.body[:4 * LARGEST], page.content_type)


def _addresses(page: Page, entry: Entry | None, url: str) -> tuple[str, ...]:
    met = [page.requested_url, page.url, entry.url if entry else None]
    return tuple(dict.fromkeys(address for address in met if address and address != url))


def _partial(published: str | None) -> str | None:
    """A year or a month alone, which is less than a date and more than nothing."""
    text = clean_text(published or "")
    known = len(text) in (4, 7) and text[:4].isdigit() and (len(text) == 4 or (text[4] == "-" and text[5:].isdigit()))
    return text if known else None


__all__ = ["article_from_entry", "article_from_text", "is_wall", "read_page"]
