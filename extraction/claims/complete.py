"""Counts of the main movement that stand apart from its verb."""

from __future__ import annotations

from collections.abc import Sequence, Set

from extraction.claims.events import Movement
from extraction.claims.frames import Framed
from extraction.claims.sentences import Sentence
from extraction.claims.singles import PARTS, Count


def complete(main: Movement, framed: Sequence[tuple[Sentence, list[Framed]]], earlier: Set[int] = frozenset()) -> None:
    """Parts counted apart from the verb, where they add up: "25 came home. Seven men were held. Six women ...".

    Sentences of the lead are tried alone, then with the one behind them. Without a total, a list of two parts or more
    that stands beside the same families is taken. `earlier`: sentences that tell of something past, which are left out.
    """
    total = main.counts.get("total")
    have = main.values()
    nearly: dict[str, tuple[Count, Sentence]] | None = None
    holding = {sentence.index for sentence, items in framed if any(item.frame == "held" for item in items)}
    lead = [
        (
            sentence,
            [item.count for item in items if item.count.group in PARTS and item.frame not in {"died", "requests"}],
        )
        for sentence, items in framed
        if sentence.part in {"title", "body"} and sentence.index not in earlier
    ][:9]
    for at, (sentence, _) in enumerate(lead):
        for reach in (1, 2, 3):
            chosen: dict[str, tuple[Count, Sentence]] = {}
            for where, some in lead[at : at + reach]:
                for count in some:
                    chosen.setdefault(count.group, (count, where))
            values = {group: count.number.value for group, (count, _) in chosen.items()}
            clash = any(have.get(group, value) != value for group, value in values.items())
            if len(values) + len(set(have) & set(PARTS) - set(values)) < 2 or clash:
                continue
            summed = sum(values.values()) + sum(
                value for group, value in have.items() if group in PARTS and group not in values
            )
            if total is not None and summed == total[0].number.value:
                main.counts.update({group: pair for group, pair in chosen.items() if group not in main.counts})
                return
            if any(count.sub for count, _ in chosen.values()):
                continue  # "31,000 of them children": parts of something else, where they don't add up
            if (
                total is not None
                and reach == 1
                and len(values) > 1
                and 0.8 * total[0].number.value <= summed < total[0].number.value
            ):
                nearly = nearly or chosen
            if (
                total is None
                and reach == 1
                and "families" in have
                and not set(have) & set(PARTS)
                and len(values) > 1
                and sentence.having("move")
                and sentence.index not in holding
            ):
                main.counts.update(chosen)
                return
    for group, pair in (nearly or {}).items():
        main.counts.setdefault(group, pair)
    if total is None and "families" in have and not set(main.values()) & set(PARTS):
        people = next(
            (
                (item.count, s)
                for s, items in framed
                if s.part == "body"
                for item in [one for one in items if one.count.number.value != have["families"]][:1]
                if item.count.group == "total"
                and item.frame in {"none", "move"}
                and not s.says("cue", "total")
                and item.count.number.value > have["families"]
                and s.index <= main.first.sentence.index + 5
            ),
            None,
        )
        if people is not None:
            main.counts["total"] = people
