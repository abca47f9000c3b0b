"""The demo's three days as a test sees them: the ledger they leave, beside what a careful reader expects of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import extraction.claims
from homeward.demo import Demo, opened
from homeward.newsroom import expected, outlets

Row = dict[str, Any]
LEXICONS = Path(extraction.claims.__file__).parent / "lexicons"
MISREAD = {  # stories and events that are not read as they should be, and how
    "nevsky/n4410": "33 российских детей, матери которых: a total and no children",
    "nevsky/n4427": "the speaker with a long office is not found",
}
MOVED = {"repatriation", "handover", "return", "transfer"}  # near-synonyms: which one, depends on who tells it


@dataclass(kw_only=True)
class Journey:
    """A demo under way, what it said, and questions to its ledger."""

    demo: Demo
    said: list[str]
    again: Counter[tuple[str, str, int]] = field(default_factory=Counter)  # hits of a crawl with nothing new
    told: list[int] = field(default_factory=list)  # mails in the box after each evening

    def rows(self, sql: str, *params: object) -> list[Row]:
        return self.demo.store.rows(sql, params)

    def article(self, name: str) -> Row:
        """The article that a story ("outlet/story") was filed as."""
        outlet, story = name.split("/")
        house = self.demo.room[outlet]
        path = next(story_.path for story_ in house.outlet.stories if story_.id == story)
        (row,) = self.rows("select a.* from articles a join addresses d on d.article_id = a.id where d.url = ?",
                           house.url(path))
        return row


@contextmanager
def begun(folder: Path) -> Iterator[Journey]:
    said: list[str] = []
    with opened(folder, said.append) as demo:
        yield Journey(demo=demo, said=said)


@cache
def languages() -> frozenset[str]:
    """Languages that claims are read in: those with a lexicon."""
    return frozenset(path.stem for path in LEXICONS.glob("*.toml"))


def readable() -> dict[str, Row]:
    """The stories whose claims can be read, by "outlet/story"."""
    known = {outlet.id: outlet.lang for outlet in outlets()}
    return {name: story for name, story in expected()["story"].items() if known[name.split("/")[0]] in languages()}


def versions() -> dict[str, int]:
    """Which version of its article a story is: an edited page is the second."""
    found: dict[str, int] = {}
    seen: Counter[tuple[str, str]] = Counter()
    for outlet in outlets():
        for story in outlet.stories:
            seen[outlet.id, story.path] += 1
            found[f"{outlet.id}/{story.id}"] = seen[outlet.id, story.path]
    return found


def claims(journey: Journey, name: str) -> list[Row]:
    return journey.rows("select c.* from claims c join versions v on v.id = c.version_id"
                        " where c.article_id = ? and v.n = ?", journey.article(name)["id"], versions()[name])


def agrees(claim: Row, wanted: Row) -> list[str]:
    """Where a stored claim differs from what is expected of it; [] when nowhere."""
    said = json.loads(claim["claim"])
    counts = {group: count["value"] for group, count in said["counts"].items()}
    if "orphans" in wanted.get("counts", {}):  # said of children too
        counts.setdefault("orphans", counts.get("children"))
    pairs = {key: (said[key], value) for key, value in wanted.items() if key not in ("kind", "counts", "event")}
    pairs |= {f"counts.{group}": (counts.get(group), value) for group, value in wanted.get("counts", {}).items()}
    if "kind" in wanted and not {said["kind"], wanted["kind"]} <= MOVED:
        pairs["kind"] = (said["kind"], wanted["kind"])
    return [f"{key}: {found!r} and not {value!r}" for key, (found, value) in pairs.items() if found != value]


def known(names: Iterable[str]) -> list[Any]:
    """The names as parameters; what is known to be misread must fail, so that its line is taken out once it is read."""
    return [pytest.param(name, marks=pytest.mark.xfail(strict=True, reason=MISREAD[name]) if name in MISREAD else ())
            for name in sorted(names)]


def events_of(journey: Journey) -> dict[str, set[int]]:
    """Expected event → ids of the stored events that the stories about it were judged to be."""
    found: dict[str, set[int]] = {}
    holds = "(select event_id from judgements j where j.claim_id = ? order by j.id desc limit 1)"
    for name, story in readable().items():
        for claim in claims(journey, name) if "main" in story else ():
            about = [story] if claim["main"] else [
                other for other in story.get("background", ()) if not agrees(claim, other)]
            (row,) = journey.rows(f"select {holds} as event_id", claim["id"])
            for one in about[:1]:
                found.setdefault(one["event"], set()).add(row["event_id"])
    return found


def filed(journey: Journey, before: datetime | None = None) -> Counter[tuple[object, ...]]:
    """Every version with its claims, as far as two newsrooms on other ports can be compared."""
    rows = journey.rows(
        "select a.source_id, a.url, v.n, v.text_sha, v.seen_at, (select group_concat(c.quote, '|') from claims c"
        " where c.version_id = v.id order by c.n) as quotes from versions v join articles a on a.id = v.article_id")
    return Counter((row["source_id"], urlsplit(row["url"]).path, row["n"], row["text_sha"], row["quotes"])
                   for row in rows if before is None or datetime.fromisoformat(row["seen_at"]) < before)
