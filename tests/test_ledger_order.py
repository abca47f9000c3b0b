"""The labelled news filed in one store, all languages together: which articles are one event, in whatever order."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pytest

import desk
from extraction.pages import article_from_text
from records.claims import Reading
from records.news import Article
from storage import Store
from tests.telling_news import NOON

HERE = Path(__file__).parent / "quality"
FLOOR = 0.93  # B-cubed F1; with the labels themselves as claims it is 0.974: what is missing is mostly misread
Groups = frozenset[frozenset[str]]


@pytest.fixture(scope="module")
def news() -> list[tuple[Article, Reading]]:
    found = []
    for line in (HERE / "articles.jsonl").read_text("utf-8").splitlines():
        data = json.loads(line)
        article = article_from_text(data["text"], title=data["title"], published=data["published"], lang=data["lang"],
                                    outlet=data["outlet"], url=data["url"], imported_id=data["id"])
        found.append((article, desk.read(article)))
    return found


def grouped(folder: Path, news: list[tuple[Article, Reading]]) -> Groups:
    """The events by the ids of the articles that report them."""
    events: dict[int, set[str]] = defaultdict(set)
    with Store.open(folder / "h.db") as store:
        for n, (article, reading) in enumerate(news):
            desk.file(store, article, reading, source=None, now=NOON + timedelta(minutes=n), backfill=True)
        for row in store.export_claims():
            if row["main"] and row["event_id"] is not None:
                events[row["event_id"]].add(row["id"])
    return frozenset(frozenset(articles) for articles in events.values())


def b_cubed(found: Groups) -> float:
    """F1 over the articles that report an event; one that was put in none is alone."""
    rows = [json.loads(line) for line in (HERE / "labels.jsonl").read_text("utf-8").splitlines()]
    truth = {row["id"]: row["main_event"]["event_id"] for row in rows if row.get("main_event")}
    put = {article: group & truth.keys() for group in found for article in group}
    mates = {one: {other for other in truth if truth[other] == event} for one, event in truth.items()}
    both = {one: (len(mates[one] & put.get(one, {one})), len(put.get(one, {one})), len(mates[one])) for one in truth}
    precision = sum(shared / had for shared, had, _ in both.values()) / len(truth)
    recall = sum(shared / wanted for shared, _, wanted in both.values()) / len(truth)
    return 2 * precision * recall / (precision + recall)


def test_late_and_out_of_order_news_comes_to_the_same_events_as_news_in_order(
        tmp_path: Path, news: list[tuple[Article, Reading]]) -> None:
    in_order = grouped(tmp_path, news)
    assert b_cubed(in_order) >= FLOOR
    shuffled = list(news)
    random.Random(7).shuffle(shuffled)
    (tmp_path / "again").mkdir()
    again = grouped(tmp_path / "again", shuffled)
    assert len(in_order ^ again) <= 2, "one report, put elsewhere"
    assert abs(b_cubed(again) - b_cubed(in_order)) <= 0.005
