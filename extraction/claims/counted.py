"""A number of people as one sentence states it."""

from __future__ import annotations

from dataclasses import dataclass

from extraction.claims.numbers import Number
from records.words import Qualifier


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people; `group` is children, women, men, families, total, requests, or bare (no noun)."""

    number: Number
    end: int  # tokens: behind the noun
    group: str
    qualifier: Qualifier
    written: str
    nations: tuple[str, ...]
    label: str  # the noun with its modifiers, as written
    weak: bool = False  # "a woman", "her child": counts beside a movement only
    sub: bool = False  # "31,000 of them children": part of the number before

    @property
    def start(self) -> int:
        return self.number.start
