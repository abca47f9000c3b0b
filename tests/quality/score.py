"""The measures: extracted claims against labels, each figure between 0 and 1. The labels' guide decides doubtful cases.

slots: micro F1 over the main event's nationality, total, children, women, men, families, origin_country,
destination_country, event_date, status. An event_date is right within one day, and on month or year where the label is
that coarse; total is the stated one, else the derived one, else the sum of parts, on both sides. Background events
mentioned without figures are neither owed nor wrong, nor is a date of basis `reported` where the label has none.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Row = Mapping[str, Any]
COUNTS = ("total", "children", "women", "men", "families")
PARTS = ("children", "women", "men")
PLAIN = {"agreed": "planned", "under_way": "completed", "denied": "refused"}
SMALL = {"al", "el", "abu", "bin", "ben", "ibn", "van", "de"}


@dataclass
class Tally:
    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def f1(self) -> float:
        return 2 * self.tp / (2 * self.tp + self.fp + self.fn) if self.tp else 0.0

    def add(self, owed: Counter[Any], given: Counter[Any]) -> None:
        hit = sum((owed & given).values())
        self.tp += hit
        self.fn += sum(owed.values()) - hit
        self.fp += sum(given.values()) - hit


@dataclass
class Report:
    """All tallies over some articles, and what was wrong in each."""

    articles: int = 0
    relevance: Tally = field(default_factory=Tally)
    main: Tally = field(default_factory=Tally)
    slots: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    background: Tally = field(default_factory=Tally)
    figures: Tally = field(default_factory=Tally)
    officials: Tally = field(default_factory=Tally)
    evidence_good: int = 0
    evidence_all: int = 0
    wrong: list[tuple[str, list[tuple[str, Any, Any]]]] = field(default_factory=list)

    def measures(self) -> dict[str, float]:
        total = Tally(
            sum(t.tp for t in self.slots.values()),
            sum(t.fp for t in self.slots.values()),
            sum(t.fn for t in self.slots.values()),
        )
        evidence = self.evidence_good / self.evidence_all if self.evidence_all else 1.0
        return {
            "relevance": self.relevance.f1,
            "main_found": self.main.f1,
            "slots": total.f1,
            "background": self.background.f1,
            "figures": self.figures.f1,
            "officials": self.officials.f1,
            "evidence": evidence,
        }


def number(value: Any) -> int | None:
    if isinstance(value, Mapping):
        value = value.get("value")
    return int(value) if isinstance(value, int | float) else None


def counts_of(event: Row) -> dict[str, int]:
    found = {key: number((event.get("counts") or {}).get(key)) for key in COUNTS}
    return {key: value for key, value in found.items() if value is not None}


def derived_of(event: Row) -> dict[str, int]:
    found = {key: number(value) for key, value in (event.get("derived") or {}).items()}
    if event.get("total_derived") is not None:
        found["total"] = number(event["total_derived"])
    return {key: value for key, value in found.items() if value is not None}


def whole(event: Row) -> int | None:
    """The people of an event: the stated total, else the derived one, else the sum of its stated parts."""
    stated = {**derived_of(event), **counts_of(event)}
    return stated.get("total", sum(stated[part] for part in PARTS if part in stated) or None)


def same_date(gold: str, precision: str | None, given: str | None) -> bool:
    if not given:
        return False
    if precision == "year" or len(gold) == 4:
        return given[:4] == gold[:4]
    if precision == "month" or len(gold) == 7 or len(given) == 7:
        return given[:7] == gold[:7]
    try:
        slack = 3 if precision == "approx" else 1
        return abs((date.fromisoformat(given[:10]) - date.fromisoformat(gold[:10])).days) <= slack
    except ValueError:
        return False


def compare_slots(gold: Row, given: Row, report: Report, wrong: list[tuple[str, Any, Any]]) -> None:
    def check(slot: str, want: Any, have: Any, right: bool) -> None:
        tally = report.slots[slot]
        tally.tp += right
        if not right:
            tally.fp += have not in (None, [], "")
            tally.fn += want not in (None, [], "")
            wrong.append((slot, want, have))

    nations = sorted(gold.get("nationality") or []), sorted(given.get("nationality") or [])
    if any(nations):
        check("nationality", nations[0], nations[1], nations[0] == nations[1])
    owed, spare, found = counts_of(gold), derived_of(gold), counts_of(given)
    for key in COUNTS[1:]:
        if key in owed:
            check(key, owed[key], found.get(key), owed[key] == found.get(key))
        elif key in found and found[key] != spare.get(key):
            check(key, None, found[key], False)
    want, have = whole(gold), whole(given)
    if want is not None and "total" not in owed and not any(part in owed for part in PARTS):
        want = have if have is None else want  # only derived: right when given, not owed
    if want is not None or have is not None:
        check("total", want, have, want == have)
    for key in ("origin_country", "destination_country"):
        if gold.get(key):
            check(key, gold[key], given.get(key), gold[key] == given.get(key))
    when, told = gold.get("event_date"), given.get("event_date")
    if when:
        check("event_date", when, told, same_date(when, gold.get("event_date_precision"), told))
    elif told and given.get("event_date_basis") != "reported":
        check("event_date", None, told, False)
    status = [
        PLAIN.get(event.get("status") or "completed", event.get("status") or "completed") for event in (gold, given)
    ]
    check("status", status[0], status[1], status[0] == status[1])


def near(gold: Row, given: Row) -> bool:
    """Whether a background event is the labelled one: a shared count, and nation, destination or date."""
    owed, found = {**derived_of(gold), **counts_of(gold)}, counts_of(given)
    shared = bool(set(owed.values()) & set(found.values()))
    nations = bool(set(gold.get("nationality") or []) & set(given.get("nationality") or []))
    target = bool(gold.get("destination_country")) and gold.get("destination_country") == given.get(
        "destination_country"
    )
    dated = bool(gold.get("event_date")) and same_date(
        gold["event_date"], gold.get("event_date_precision"), given.get("event_date")
    )
    return (shared and (nations or target or dated)) or (not owed and not found and (nations or target) and dated)


def surname(name: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).lower()
    words = [word for word in plain.replace("-", " ").replace("'", "").split() if len(word) > 1 and word not in SMALL]
    return words[-1] if words else plain.strip()


def compare_background(gold: Row, rest: list[Row], report: Report, wrong: list[tuple[str, Any, Any]]) -> None:
    for event in gold.get("other_events") or []:
        match = next((claim for claim in rest if near(event, claim)), None)
        if match is not None:
            rest.remove(match)
            report.background.tp += 1
        elif not counts_of(event) and not derived_of(event):
            same = set(event.get("nationality") or [])
            rest[:] = [claim for claim in rest if counts_of(claim) or not same & set(claim.get("nationality") or [])]
        else:
            report.background.fn += 1
            wrong.append(("background", counts_of(event), None))
    report.background.fp += len(rest)


def compare_people_and_figures(gold: Row, given: Row, report: Report) -> None:
    spare = {number(figure["value"]) for figure in gold.get("optional_figures") or []}
    owed: Counter[Any] = Counter(
        (figure["what"], number(figure["value"])) for figure in gold.get("stock_figures") or []
    )
    found: Counter[Any] = Counter(
        (figure.get("what"), number(figure.get("value"))) for figure in given.get("figures") or []
    )
    found -= Counter({key: n for key, n in found.items() if key not in owed and key[1] in spare})
    report.figures.add(owed, found)
    report.officials.add(
        Counter({surname(o["name"]) for o in gold.get("officials") or [] if o.get("name")}),
        Counter({surname(o["name"]) for o in given.get("officials") or [] if o.get("name")}),
    )


def check_evidence(given: Row, report: Report) -> None:
    text = given.get("text") or ""
    for item in [*(given.get("claims") or []), *(given.get("figures") or [])]:
        quote = item.get("evidence") or {}
        report.evidence_all += 1
        report.evidence_good += bool(quote) and text[quote["start"] : quote["end"]] == quote["quote"]


def score(gold_rows: Sequence[Row], given_rows: Iterable[Row]) -> Report:
    """Compare what was read with the labels, article by article (by `id`)."""
    given_by_id, report = {row["id"]: row for row in given_rows}, Report(articles=len(gold_rows))
    for gold in gold_rows:
        given: Row = given_by_id.get(gold["id"], {})
        claims = list(given.get("claims") or [])
        want, have = bool(gold["relevant"]), bool(given.get("relevant"))
        report.relevance.add(Counter([True] * want), Counter([True] * have))
        event, main = gold.get("main_event"), next((claim for claim in claims if claim.get("main")), None)
        report.main.add(Counter([True] * bool(event)), Counter([True] * bool(main)))
        wrong: list[tuple[str, Any, Any]] = [] if want == have else [("relevant", want, have)]
        if event:
            compare_slots(event, main or {"status": "none"}, report, wrong)
        elif main:
            wrong.append(("main", None, counts_of(main)))
        compare_background(gold, [claim for claim in claims if not claim.get("main")], report, wrong)
        if want:
            compare_people_and_figures(gold, given, report)
        check_evidence(given, report)
        if wrong:
            report.wrong.append((gold["id"], wrong))
    return report
