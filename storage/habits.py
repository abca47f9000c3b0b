"""What is usual for a source and what is not any more. Pure: counts and dates in, sentences out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, pstdev

SILENT_FACTOR = 5  # silent after this many of its usual gaps between new entries
SILENT_LEAST = timedelta(hours=48)  # a weekend without news is no silence
HABIT_LEAST = 5  # visits with something new before a rhythm is spoken of
BACK_AFTER = 6  # failures in a row before a return is worth a word
WEEKS_LEAST = 4  # weeks before this one, from which a volume is usual
DAYS_LEAST = 5  # of a week on which an endpoint was visited, for the week to count
DEVIATIONS = 2
ENTRIES_LEAST = 5  # a smaller difference is none
LATELY, BEFORE = 5, 10  # articles by which a change of rungs is told
MOSTLY, HARDLY = 0.8, 0.2
MORE_PARTIAL = 0.5
FIELDS = {"title": "headline", "published": "publication date", "authors": "authors"}


def is_silent(first: datetime | None, last: datetime | None, times: int, until: datetime) -> bool:
    """Nothing new for far longer than is usual, by `times` visits with something new between `first` and `last`."""
    if first is None or last is None or times < HABIT_LEAST:
        return False
    gap = (last - first) / (times - 1)
    return until - last > max(SILENT_LEAST, SILENT_FACTOR * gap)


@dataclass(frozen=True, slots=True)
class Week:
    """New entries of seven days, and on how many of them the endpoint was visited."""

    new: int = 0
    days: int = 0


def usual(weeks: Sequence[Week]) -> tuple[float, float] | None:
    """Mean and deviation of the weeks before the first one; None where too few of them count.

    The deviation is never taken smaller than that of a count by chance.
    """
    counts = [week.new for week in weeks[1:] if week.days >= DAYS_LEAST]
    if len(counts) < WEEKS_LEAST:
        return None
    mean = fmean(counts)
    return mean, max(pstdev(counts), math.sqrt(mean))


def volume_note(weeks: Sequence[Week]) -> str | None:
    """The first week's volume, where it is off by two deviations."""
    habit = usual(weeks)
    if habit is None or weeks[0].days < DAYS_LEAST:
        return None
    (mean, deviation), now = habit, weeks[0].new
    if abs(now - mean) <= DEVIATIONS * deviation or abs(now - mean) < ENTRIES_LEAST:
        return None
    which = "few" if now < mean else "many"
    return f"unusually {which} new entries: {now} in the last 7 days, and {mean:.0f} ± {deviation:.0f} are usual"


def return_note(answers: Sequence[bool]) -> str | None:
    """Of visits, oldest first: it answers, and not long ago it failed many times in a row."""
    if not answers or not answers[-1]:
        return None
    failed = longest = 0
    for answered in answers:
        failed = 0 if answered else failed + 1
        longest = max(longest, failed)
    return f"answers again, after {longest} failures in a row" if longest >= BACK_AFTER else None


@dataclass(frozen=True, slots=True)
class Read:
    """One article: which rung gave each field, or why its page could not be had."""

    ladder: Mapping[str, str]
    partial: str | None = None


def rung_notes(lately: Sequence[Read], before: Sequence[Read]) -> list[str]:
    """Rungs that stopped answering, and pages that can't be read any more."""
    notes = [_partial_note(lately, before)]
    now, then = ([read.ladder for read in reads if read.partial is None] for reads in (lately, before))
    if len(now) >= LATELY and len(then) >= BEFORE:
        notes += [_rung_note(field, now, then) for field in FIELDS]
    return [note for note in notes if note]


def _rung_note(field: str, now: Sequence[Mapping[str, str]], then: Sequence[Mapping[str, str]]) -> str | None:
    (rung, times), = Counter(ladder.get(field, "") for ladder in then).most_common(1)
    share = sum(ladder.get(field, "") == rung for ladder in now) / len(now)
    if not rung or times < MOSTLY * len(then) or share > HARDLY:
        return None
    (other, _), = Counter(ladder.get(field, "") for ladder in now).most_common(1)
    instead = f"from {other}" if other and other != rung else "from nowhere"
    return f"the {FIELDS[field]} of its pages came from {rung} and now comes {instead}: its pages may have changed"


def _partial_note(lately: Sequence[Read], before: Sequence[Read]) -> str | None:
    partial = [read.partial for read in lately if read.partial]
    if len(lately) < LATELY:
        return None
    rate = len(partial) / len(lately)
    usual_rate = sum(read.partial is not None for read in before) / len(before) if len(before) >= LATELY else 0.0
    if rate - usual_rate < MORE_PARTIAL:
        return None
    (why, _), = Counter(partial).most_common(1)
    return (f"{len(partial)} of its last {len(lately)} articles are filed from the feed alone ({why}); "
            f"{usual_rate:.0%} were before")
