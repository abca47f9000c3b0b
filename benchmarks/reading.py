"""How well and how fast pages and feeds are read, beside plain trafilatura in the same run.

    python benchmarks/reading.py FOLDER [--show text|title|day|feeds]

FOLDER holds pages with `gold.jsonl` (file, url, title, date, and the segments that must and must not be in the text),
or gofeed's test data (a feed and its expected result as JSON beside it). Nothing of it is copied into the project.
"""

from __future__ import annotations

import gzip
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from operator import truediv
from pathlib import Path
from typing import Any, TypeVar

import trafilatura

from extraction.decoding import decode
from extraction.feeds import read_feed
from extraction.pages import read_page
from extraction.text import normal_key, plain_text
from records.errors import UnreadableError
from records.news import EndpointKind, Page

T = TypeVar("T")
NOW = datetime(2026, 11, 24, tzinfo=UTC)
TIMES = Path(__file__).parent.parent / "tests" / "cases" / "declared_times.json"  # labelled by hand


@dataclass
class Segments:
    """Trafilatura's own measure: segments that must be in the text, and segments that must not."""

    hit: int = 0
    missed: int = 0
    wrong: int = 0
    seconds: list[float] = field(default_factory=list)

    def add(self, text: str, row: dict[str, Any]) -> list[str]:
        flat = _flat(text)
        missed = [part for part in row["must"] if _flat(part) not in flat]
        wrong = [part for part in row["must_not"] if _flat(part) in flat]
        self.hit += len(row["must"]) - len(missed)
        self.missed, self.wrong = self.missed + len(missed), self.wrong + len(wrong)
        return [f"missed: {part}" for part in missed] + [f"wrong: {part}" for part in wrong]

    def __str__(self) -> str:
        precision, recall = self.hit / (self.hit + self.wrong), self.hit / (self.hit + self.missed)
        times = sorted(1000 * second for second in self.seconds)
        f1, p95 = 2 * precision * recall / (precision + recall), times[int(.95 * len(times))]
        return (f"F1 {f1:.3f} (precision {precision:.3f}, recall {recall:.3f}); CPU ms median "
                f"{statistics.median(times):.1f}, p95 {p95:.1f}, mean {statistics.fmean(times):.1f}")


def pages(folder: Path, show: str) -> None:
    ours, theirs, default, counts = Segments(), Segments(), Segments(), Counter[str]()
    rows = [json.loads(line) for line in (folder / "gold.jsonl").read_text("utf-8").splitlines()]
    _warm_up([gzip.decompress((folder / row["file"]).read_bytes()) for row in rows[:20]])
    for row in rows:
        body = gzip.decompress((folder / row["file"]).read_bytes())
        page = Page(url=row["url"], requested_url=row["url"], status=200, content_type="text/html", body=body,
                    fetched_at=NOW)
        theirs.add(_timed(theirs.seconds, partial(_plain, body)), row)
        default.add(_timed(default.seconds, partial(_plain, body, fast=False)), row)
        try:
            article = _timed(ours.seconds, partial(read_page, page))
        except UnreadableError as error:
            counts["unreadable"] += 1
            ours.add("", row)
            print("unreadable:", row["file"], error)
            continue
        problems = ours.add(article.text, row)
        same = normal_key(article.title or "") == normal_key(row["title"])
        day, rung = (article.published or "")[:10], dict(article.ladder).get("published", "none")
        verdict = "right" if day == row["date"] else "wrong" if day else "none"
        counts.update({"title exact": int(same), f"day {verdict}": 1, f"day {verdict} by {rung}": 1})
        if show == "text" and problems:
            print(row["file"], *problems, sep="\n    ")
        if show == "title" and not same:
            print(row["file"], dict(article.ladder).get("title"), repr(article.title), "gold", repr(row["title"]))
        if show == "day" and verdict != "right":
            print(row["file"], rung, day, "gold", row["date"], row["url"])
    print(f"{len(rows)} pages\nhomeward (all fields)       {ours}\ntrafilatura default (text)  {default}\n"
          f"trafilatura fast (text)     {theirs}")
    print("CPU of homeward in that of trafilatura's default: "
          f"{sum(ours.seconds) / sum(default.seconds):.2f} of the sum, "
          f"{statistics.median(ours.seconds) / statistics.median(default.seconds):.2f} of the median, "
          f"{statistics.median(map(truediv, ours.seconds, default.seconds)):.2f} on the median page")
    print("  ".join(f"{name} {number}" for name, number in sorted(counts.items())))
    times(folder, rows)


def times(folder: Path, rows: list[dict[str, Any]]) -> None:
    """Publication times with zone against those labelled by hand: within a minute, and by which rung."""
    labels = {one["url"]: one["published"] for one in json.loads(TIMES.read_text("utf-8"))}
    counts = Counter[str]()
    for row in (row for row in rows if row["url"] in labels):
        body = gzip.decompress((folder / row["file"]).read_bytes())
        article = read_page(Page(url=row["url"], requested_url=row["url"], status=200, content_type="text/html",
                                 body=body, fetched_at=NOW))
        apart = (datetime.fromisoformat(article.published or "1970-01-01T00:00:00+00:00").astimezone(UTC)
                 - datetime.fromisoformat(labels[row["url"]]))
        right = abs(apart.total_seconds()) <= 60
        counts.update({"within a minute": int(right), f"by {dict(article.ladder).get('published')}": 1})
        if not right:
            print("another time:", row["url"], article.published, "label", labels[row["url"]])
    print(f"declared times of {len(labels)} pages: " + "  ".join(f"{name} {n}" for name, n in counts.items()))


def _warm_up(bodies: list[bytes]) -> None:
    """Load what is loaded once in a process (models, lexicons, compiled paths), for both sides."""
    for body in bodies:
        _plain(body, fast=False)
        with suppress(UnreadableError):
            read_page(Page(url="https://example.org/", requested_url="https://example.org/", status=200,
                           content_type="text/html", body=body, fetched_at=NOW))


def feeds(folder: Path, show: str) -> None:
    counts = Counter[str]()
    for path in sorted(folder.rglob("*.xml")) + sorted(folder.rglob("parser/json/*.json")):
        expected = path.with_suffix(".json") if path.suffix == ".xml" else path.with_name(path.stem + "_expected.json")
        if not expected.exists():
            continue
        gold = json.loads(expected.read_text("utf-8"))
        items = gold.get("items") or gold.get("entries") or []
        try:
            feed = read_feed(path.read_bytes(), url="http://example.org/", content_type=None, kind=EndpointKind.FEED,
                             now=NOW)
        except UnreadableError as error:
            counts["unreadable"] += 1
            if show == "feeds":
                print(path.relative_to(folder), error)
            continue
        counts["feeds"] += 1
        counts["count same"] += len(items) == len(feed.entries)
        if show == "feeds" and len(items) != len(feed.entries):
            print(path.relative_to(folder), "entries", len(feed.entries), "gold", len(items))
        for item, entry in zip(items, feed.entries, strict=False):
            for name, wanted, got in _fields(item, entry):
                counts.update({f"{name} of": 1, f"{name} same": int(wanted == got)})
                if show == "feeds" and wanted != got:
                    print(path.relative_to(folder), name, repr(got), "gold", repr(wanted))
    names = [name.removesuffix(" of") for name in counts if name.endswith(" of")]
    print(f"{counts['feeds']} feeds, {counts['unreadable']} unreadable, entry count same {counts['count same']}")
    print("  ".join(f"{name} {counts[name + ' same']}/{counts[name + ' of']}" for name in names))


def _fields(item: dict[str, Any], entry: Any) -> Iterator[tuple[str, object, object]]:
    """The fields gofeed expects, in our form: plain text, UTC instants."""
    if item.get("title"):
        yield "title", plain_text(item["title"], 500), entry.title
    links = [one.get("href") for one in item.get("links") or [] if isinstance(one, dict)]
    link = item.get("link") or item.get("url") or (links[0] if links else None)
    if isinstance(link, str) and link.startswith("http"):
        yield "link", link, (entry.url or "")
    if item.get("description") or item.get("summary"):
        yield "summary", plain_text(item.get("description") or item["summary"], 5000), entry.summary
    parsed = item.get("publishedParsed") or item.get("pubDateParsed")
    if parsed and parsed > "1995":
        yield "date", datetime.fromisoformat(parsed).astimezone(UTC), entry.published
    author = item.get("author")
    if isinstance(author, dict) and author.get("name"):
        yield "author", author["name"], entry.authors[0] if entry.authors else None


def _plain(body: bytes, *, fast: bool = True) -> str:
    return trafilatura.extract(decode(body), fast=fast, include_comments=False) or ""


def _flat(text: str) -> str:
    return " ".join(text.replace("\u00ad", "").replace("\u200b", "").split())


def _timed(seconds: list[float], work: Callable[[], T]) -> T:
    start = time.process_time()
    try:
        return work()
    finally:
        seconds.append(time.process_time() - start)


def main() -> None:
    folder = Path(sys.argv[1])
    show = sys.argv[3] if len(sys.argv) > 3 else ""
    (pages if (folder / "gold.jsonl").exists() else feeds)(folder, show)


if __name__ == "__main__":
    main()
