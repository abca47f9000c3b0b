"""A reading for a person: the text with its evidence marked and numbered, and what each mark says."""

from __future__ import annotations

import re
import textwrap

from alerts import words
from alerts.safe import plain
from homeward.shown import BOLD, DIM, columns, isolate, paint
from records.claims import Claim, Evidence, Figure, Reading

OPEN, CLOSE = "⟦", "⟧"
AROUND = 22  # characters of a quote on each side of its number
BASES = {"stated": "as it is written", "relative": "reckoned from the day of the report",
         "reported": "the day of the report"}


def marked(reading: Reading) -> str:
    """The whole view: verdict, text, claims, figures, officials."""
    lines = [paint(f"{'On' if reading.relevant else 'Off'} topic ({reading.lang}): {plain(reading.why)}", BOLD), ""]
    spots: list[tuple[Evidence, str]] = []
    told: list[str] = []
    for number, claim in enumerate(reading.claims, 1):
        spots += [(evidence, str(number)) for evidence in _evidence(claim)]
        told += _claim(claim, number)
    for number, figure in enumerate(reading.figures):
        mark = _letter(number)
        spots.append((figure.evidence, mark))
        told.append(_figure(figure, mark))
    if reading.officials:
        told += [paint("Officials", BOLD), *(f"  {_who(o.name, o.role, o.organisation)}" for o in reading.officials)]
    legend = [paint(f"{OPEN}1 …{CLOSE} tells of movement [1] below, {OPEN}a …{CLOSE} holds figure [a].", DIM), ""]
    return "\n".join([*lines, *_text(reading.text, spots), "", *(legend if spots else ()),
                      *(told or ["No claim and no figure."])])


def _evidence(claim: Claim) -> list[Evidence]:
    """The sentence that reports the movement, and those in which other numbers of it stand."""
    beside = [*(count.evidence for count in claim.counts.values()), *(other.evidence for other in claim.other_values)]
    return list(dict.fromkeys([claim.evidence, *(evidence for evidence in beside if evidence)]))


def _letter(number: int) -> str:
    return chr(ord("a") + number) if number < 26 else f"f{number + 1}"


def _text(text: str, spots: list[tuple[Evidence, str]]) -> list[str]:
    """The text, each piece of evidence between brackets with its mark; the same sentence carries all its marks."""
    by_place: dict[tuple[int, int], list[str]] = {}
    for evidence, mark in spots:
        by_place.setdefault((evidence.start, evidence.end), []).append(mark)
    parts, done = [], 0
    for (first, end), marks in sorted(by_place.items()):
        start = min(max(first, done), end)  # across a sentence that is marked already: only what is left of it
        parts += [_clean(text[done:start]), f"{OPEN}{','.join(marks)} {_clean(text[start:end])}{CLOSE}"]
        done = max(done, end)
    whole = "".join([*parts, _clean(text[done:])])
    width = columns() or 100
    return _painted([line for paragraph in whole.splitlines() for line in _wrapped(paragraph, width)])


def _painted(lines: list[str]) -> list[str]:
    """Lines with what is marked in bold. Painted when they are broken already: escape codes take no room in a line."""
    painted, marked = [], False
    for line in lines:
        parts = []
        for part in re.split(f"([{OPEN}{CLOSE}])", line):
            marked = part == OPEN or (marked and part != CLOSE)
            parts.append(paint(part, BOLD) if marked and part.strip() and part != OPEN else part)
        painted.append("".join(parts))
    return painted


def _clean(text: str) -> str:
    """Lines as they are; of other characters only those that print, spaces of every kind as one."""
    return "".join(c if c == "\n" or c.isprintable() else " " if c.isspace() else "" for c in text)


def _wrapped(paragraph: str, width: int) -> list[str]:
    return [isolate(line) for line in textwrap.wrap(paragraph, width)] or [""]


def _claim(claim: Claim, number: int) -> list[str]:
    main = ", the event reported" if claim.main else ", background"
    lines = [paint(f"[{number}] {claim.kind}, {claim.status}{main}", BOLD)]
    for group, count in claim.counts.items():
        if count.derived and len(count.parts) < 2:  # 33 people, who are the 33 children
            continue
        derived = f" (the sum of {', '.join(plain(part) for part in count.parts)})" if count.derived else ""
        said = _around(count.written, count.evidence) if count.evidence else ""
        lines.append(f"    {words.people(group, count.value, count.qualifier)}{derived}{paint(said, DIM)}")
    lines += [f"    also {words.people(value.group, value.value, value.qualifier)}"
              f"{paint(_around(value.written, value.evidence), DIM)}" for value in claim.other_values]
    if claim.nationality:
        lines.append(f"    nationality {words.countries(claim.nationality, most=8)}")
    for end, place, country in (("from", claim.origin_place, claim.origin_country),
                                ("to", claim.destination_place, claim.destination_country)):
        where = ", ".join(filter(None, (plain(place), words.country(country) if country else "")))
        if where:
            lines.append(f"    {end} {where}")
    if claim.event_date:
        basis = BASES.get(str(claim.event_date_basis), "")
        lines.append(f"    {words.day(claim.event_date)}{paint(f'  {basis}', DIM) if basis else ''}")
    lines += [f"    {name} {plain(str(value))}" for name, value in (("group", claim.ordinal),
                                                                   ("operation", claim.operation)) if value]
    if claim.speaker:
        lines.append(f"    says {_who(claim.speaker.name, claim.speaker.role, claim.speaker.organisation)}")
    return lines


def _around(written: str | None, evidence: Evidence) -> str:
    """A number in the words around it."""
    quote = evidence.quote
    at = max(quote.find(written or ""), 0)
    first, last = max(0, at - AROUND), at + len(written or "") + AROUND
    first = quote.find(" ", first, at) + 1 if first else 0
    end = len(quote) if last >= len(quote) else max(quote.rfind(" ", at + len(written or ""), last), at + 1)
    said = plain(quote[first:end].strip())
    return f"  “{'…' if first else ''}{isolate(said)}{'…' if end < len(quote) else ''}”"


def _figure(figure: Figure, mark: str) -> str:
    hedge = "" if figure.qualifier == "exact" else f"{str(figure.qualifier).replace('_', ' ')} "
    where = plain(words.country(figure.place))
    about = " ".join(filter(None, (isolate(plain(figure.group)), f"in {where}" if where else "")))
    return (paint(f"[{mark}] {str(figure.what).replace('_', ' ')}: {hedge}{words.number(figure.value)}", BOLD)
            + (f" {about}" if about else "") + paint(_around(figure.written, figure.evidence), DIM))


def _who(name: str | None, role: str | None, organisation: str | None) -> str:
    return ", ".join(isolate(plain(part)) for part in (name, role, organisation) if part) or "somebody unnamed"
