from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime

import feedparser

from crawler.reading import ArticleRead, FeedBody, FeedRead
from crawler.work import Rooms
from records.claims import Reading
from records.errors import UnreadableError
from records.ledger import Decision, Verdict
from records.news import Article, Entry, ParsedFeed


def read_feed(came: FeedBody) -> FeedRead:
    parsed = feedparser.parse(came.body)
    if not parsed.get("version"):
        raise UnreadableError(f"{came.url} is no feed", rule="not-a-feed")
    entries=[]
    for e in parsed.entries:
        url=e.get("link"); title=e.get("title")
        d=e.get("published_parsed")
        entries.append(Entry(key=hashlib.sha256((e.get("id") or url or title or "").encode()).hexdigest(), url=url if url and url.startswith("http") else None, title=title, published=datetime(*d[:6],tzinfo=UTC) if d else None))
    return FeedRead(feed=ParsedFeed(version=parsed.version,title=None,entries=tuple(entries)), topics=tuple(("children" in (e.title or ""), "fake") for e in entries))

def _a(url,title,text,**kw):
    return ArticleRead(article=Article(url=url,source_id=None,outlet=None,title=title,text=text,**kw), reading=Reading(text=text,lang="en",relevant=True,why="fake"))

def read_page(page, entry, source):
    text=re.sub(r"<[^>]+>"," ",page.body.decode("utf-8","replace")).strip()
    if not text: raise UnreadableError(f"{page.url} has no text", rule="no-text")
    return _a(page.url, entry.title, text)

def read_entry(entry, source, why, at):
    if not entry.title: raise UnreadableError("nothing", rule="empty-entry")
    return _a(entry.url, entry.title, entry.title, from_entry=True, why_partial=why)

def file(store, article, reading, *, source, now, backfill=False, entry_id=None, run_id=None):
    from storage.base import to_text
    with store.write():
        known=store.rows("select id from articles where url=?", (article.url,)) if article.url else []
        if known: aid=known[0]["id"]
        else:
            aid=store.add("articles", {"url":article.url,"lang":"en","title":article.title,"from_entry":int(article.from_entry),"why_partial":article.why_partial,"relevant":1,"why":"","filed_at":to_text(now),"backfill":int(backfill)})
            if article.url: store.add("addresses", {"url":article.url,"article_id":aid,"seen_at":to_text(now)})
            store.count(run_id, now, articles_new=1)
        store.settle_entry(entry_id, aid, "filed")
    return Decision(verdict=Verdict.KNOWN if known else Verdict.NEW, why="fake", article_id=aid)

def rooms() -> Rooms:
    return Rooms(read_feed=read_feed, read_page=read_page, read_entry=read_entry, file=file, canonical=lambda url, mirrors=(): url)
