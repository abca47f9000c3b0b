"""When a page was published and modified: a ladder of declared dates, then the address, then a guess that says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

from selectolax.lexbor import LexborHTMLParser

from extraction.addresses import date_in_address
from extraction.dates import EARLIEST, Written, read_date, within
from extraction.jsonld import Object, texts
from records.news import Entry

_PUBLISHED = (  # the names a <meta> gives the date of publication, the surest first
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "article:published",
    "publish-date", "publishdate", "publish_date", "publication_date", "publication-date", "pubdate", "pub_date",
    "published_time", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime",
    "dc.date.issued", "dcterms.issued", "dc.issued", "dcterms.created", "dc.date.created", "dc.created",
    "date.published", "article.published", "article:post_time", "article_date_original", "originalpublicationdate",
    "displaydate", "rnews:datepublished", "date_published", "dcterms.date", "dc.date", "dc:date",
    "citation_publication_date", "citation_date", "prism.publicationdate", "date", "timestamp",
    "weibo:article:create_at", "bt:pubdate", "shareaholic:article_published_time", "iso-8601-publish-date",
    "article.created", "datecreated", "created", "cdate")
_MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "article:modified", "dcterms.modified",
             "dc.date.modified", "dc.modified", "lastmod", "last-modified", "article.updated", "revision_date",
             "date.updated")
_TIMES = ('[itemprop~="datePublished"]', "time[pubdate]", "article header time[datetime]", "time.published[datetime]",
          "time.entry-date[datetime]", 'time[class*="publish" i][datetime]', "h1 ~ time[datetime]",
          "h1 ~ * time[datetime]", "article time[datetime]", "main time[datetime]", ".published[title]",
          "abbr.published", 'span[class*="publish" i] time')
_NOT_HERE = ("aside", "nav", "footer")


def published(tree: LexborHTMLParser, data: Object, *, meta: dict[str, str], url: str, entry: Entry | None,
              latest: datetime, country: str | None = None) -> tuple[str | None, str | None]:
    """The publication date as ISO 8601 and the rung that gave it: json-ld, meta, time, feed, address, guessed."""
    declared = [(written, rung) for raw, rung in _declared(tree, data, meta)
                if (written := within(read_date(raw, country), latest))]
    promised = entry.published_raw if entry is not None and entry.published else None
    if promised and (written := within(read_date(promised, country), latest)):
        declared.append((written, "feed"))
    day = date_in_address(url)
    if day is not None and not EARLIEST <= day <= latest.date() + timedelta(days=1):
        day = None
    if declared:
        written, rung = _surest(declared)
        if day is None or abs((written.day - day).days) <= 1:
            return (_on_day(written, day) if day else written).iso(), rung
    if day is not None:  # also where a declared day is far from it: the page was moved or edited, its address was not
        return day.isoformat(), "address"
    guess = _guessed(tree.html or "", latest)
    return (guess, "guessed") if guess else (None, None)


def modified(data: Object, *, meta: dict[str, str], latest: datetime, published_at: str | None) -> str | None:
    """The declared date of the last change; None where none is declared or it lies before the publication."""
    for raw in [*texts(data.get("dateModified")), *(meta[name] for name in _MODIFIED if name in meta)]:
        written = within(read_date(raw), latest)
        if written is not None:
            return written.iso() if not published_at or written.day.isoformat() >= published_at[:10] else None
    return None


def _declared(tree: LexborHTMLParser, data: Object, meta: dict[str, str]) -> Iterator[tuple[str, str]]:
    for raw in [*texts(data.get("datePublished")), *texts(data.get("dateCreated"))]:
        yield raw, "json-ld"
    for name in _PUBLISHED:
        if name in meta:
            yield meta[name], "meta"
    for selector in _TIMES:
        for node in tree.css(selector)[:1]:
            if not any(_inside(node, name) for name in _NOT_HERE):
                said = (node.attributes.get(name) for name in ("datetime", "content", "title"))
                yield next((raw for raw in said if raw), node.text() or ""), "time"


def _inside(node: object, name: str) -> bool:
    parent = getattr(node, "parent", None)
    while parent is not None:
        if parent.tag == name:
            return True
        parent = parent.parent
    return False


def _surest(declared: list[tuple[Written, str]]) -> tuple[Written, str]:
    """The first; or a later one that says hour and zone of the same day; in the zone of the place if that is told.

    Where they tell different instants, hours apart, one of them is local time under a wrong zone: the instant that more
    of them tell is taken.
    """
    first = declared[0]
    near = [one for one in declared if abs((one[0].day - first[0].day).days) <= 1]
    zoned = [one for one in near if one[0].zoned]
    told = Counter(instant for instant, _ in {(one.utc().replace(second=0), rung) for one, rung in zoned})
    written, rung = max(zoned, key=lambda one: told[one[0].utc().replace(second=0)], default=first)
    if written.zoned and not written.at.utcoffset():
        for other, _ in near:
            if other.zoned and other.at == written.at and other.at.utcoffset():
                return other, rung
            if other.timed and not other.zoned and (offset := _offset(written.at, other.at)):
                return Written(at=written.at.astimezone(timezone(offset)), timed=True), rung
    return written, rung


def _offset(instant: datetime, local: datetime) -> timedelta | None:
    """How far the local time of the same moment is from UTC, when it differs from the instant as zones do."""
    apart = local - instant.replace(tzinfo=None)
    whole = not apart % timedelta(minutes=15) and abs(apart) <= timedelta(hours=14)
    return apart if apart and whole else None


def _on_day(written: Written, day: date) -> Written:
    """The same instant in the nearest zone where it falls on the day that stands in the address: a time declared in UTC
    alone is often the evening before, or the morning after, where the paper is made."""
    if written.day == day or not written.zoned or written.at.utcoffset():
        return written
    for hours in range(1, 14):
        local = written.at.astimezone(timezone(timedelta(hours=hours if day > written.day else -hours)))
        if local.date() == day:
            return Written(at=local, timed=True)
    return written


def _guessed(html: str, latest: datetime) -> str | None:
    """htmldate's guess from the visible text and markup: wrong in a sixth to a third of the cases, and named so."""
    import htmldate  # noqa: PLC0415  150 ms to import, needed by one page in ten

    found = htmldate.find_date(html, original_date=True, extensive_search=False, min_date=EARLIEST.isoformat(),
                               max_date=latest.date().isoformat())
    return found if isinstance(found, str) else None
