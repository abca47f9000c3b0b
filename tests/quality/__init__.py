"""The quality gate: labelled articles, the project's own cases, the measures, and floors that only rise.

A fifth of the labelled events (by a hash of the event's id) is held out: its texts are not looked at while rules are
written, and its figures are reported apart.

`own/` holds texts written for the project to a list of phenomena (each label names its own) and labelled before they
were first read: what the reading does with what no rule was made for.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from extraction.claims import read_claims
from records.news import Article
from tests.quality.score import Report, Row, score

FOLDER = Path(__file__).parent
FOLDS = 5
LARGE = ("en", "ar", "ru", "fr", "de", "tr")  # the other languages are told of together: `small`


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines() if line.strip()]


def held_out(label: Row) -> bool:
    """Whether a labelled article belongs to the fold that rules are not written on."""
    event = (label.get("main_event") or {}).get("event_id") or label.get("story_id") or label["id"]
    return int(hashlib.sha256(event.encode()).hexdigest(), 16) % FOLDS == 0


def article_of(row: Mapping[str, Any]) -> Article:
    return Article(
        url=row.get("url"),
        source_id=None,
        outlet=row.get("outlet"),
        title=row.get("title"),
        text=row["text"],
        lang=row.get("lang"),
        published=row.get("published"),
        imported_id=row["id"],
    )


def read_all(articles: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": row["id"], **read_claims(article_of(row)).to_json()} for row in articles]


def reports() -> dict[str, Report]:
    """Name of the slice -> its report: every language, `all`, and `held-out` for the fold kept apart."""
    articles, labels = {row["id"]: row for row in rows("articles.jsonl")}, rows("labels.jsonl")
    given = read_all([articles[label["id"]] for label in labels])
    seen = [label for label in labels if not held_out(label)]
    found = {}
    for lang in sorted({articles[label["id"]]["lang"] for label in labels}):
        found[lang] = score([label for label in seen if articles[label["id"]]["lang"] == lang], given)
    found["small"] = score([label for label in seen if articles[label["id"]]["lang"] not in LARGE], given)
    found["all"] = score(seen, given)
    for lang in ("en", "ar"):
        found[f"held-out {lang}"] = score(
            [label for label in labels if held_out(label) and articles[label["id"]]["lang"] == lang], given
        )
    found["held-out"] = score([label for label in labels if held_out(label)], given)
    return found | own_reports()


def own_reports() -> dict[str, Report]:
    """The project's own texts: in each of the six languages, together in others, in all; in manners of agencies;
    features, courts, round-ups and corrections; `tongues` is a second round in fourteen languages, `east`
    one in the manner of agencies that write Arabic, Russian, Persian, Kurdish, Kazakh and Kyrgyz."""
    labels, given = rows("own/labels.jsonl"), read_all(rows("own/articles.jsonl"))
    found = {f"own {lang}": score([one for one in labels if one["lang"] == lang], given) for lang in LARGE}
    found["own small"] = score([one for one in labels if one["lang"] not in LARGE], given)
    tongues, told = rows("own/tongues.labels.jsonl"), read_all(rows("own/tongues.articles.jsonl"))
    for lang in LARGE[1:]:
        found[f"tongues {lang}"] = score([one for one in tongues if one["lang"] == lang], told)
    found["tongues small"] = score([one for one in tongues if one["lang"] not in LARGE], told)
    found["tongues"] = score(tongues, told)
    east, read = rows("own/east.labels.jsonl"), read_all(rows("own/east.articles.jsonl"))
    for lang in ("ar", "ru"):
        found[f"east {lang}"] = score([one for one in east if one["lang"] == lang], read)
    found["east small"] = score([one for one in east if one["lang"] not in LARGE], read)
    for name in ("manners", "rounds"):
        found[f"{name} en"] = score(rows(f"own/{name}.labels.jsonl"), read_all(rows(f"own/{name}.articles.jsonl")))
    return found | {"own": score(labels, given)}


def floors() -> dict[str, dict[str, float]]:
    return tomllib.loads((FOLDER / "floors.toml").read_text("utf-8"))


def below(found: Mapping[str, Report]) -> list[str]:
    """One sentence for each measure that has fallen under its floor."""
    return [
        f"{name}: {measure} is {have:.3f}, its floor is {floor:.3f}"
        for name, wanted in floors().items()
        for measure, floor in wanted.items()
        if (have := found[name].measures()[measure]) < floor - 0.0005
    ]
