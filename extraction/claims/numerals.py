"""Number words that a language writes as one: "einundzwanzig", "tjugoåtta", "dreihundertfünfzig"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def glued(numbers: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """(word, value) of the compounds below a thousand, by the language's own rule in `[numbers.glued]`.

    `units_first` says "two-and-twenty", `join` is what stands between unit and ten, `hundred` the word for a hundred.
    """
    rule = numbers.get("glued")
    if not rule:
        return
    words, forms = numbers.get("words", {}), rule.get("forms", {})
    units = {forms.get(word, word): value for word, value in words.items() if value < 10}
    units.update(rule.get("units", {}))
    tens = {word: value for word, value in words.items() if 20 <= value < 100 and value % 10 == 0}
    below = dict(words)
    for ten, tenfold in tens.items():
        for unit, value in units.items():
            for join in rule.get("joins", [""]):
                word = f"{unit}{join}{ten}" if rule.get("units_first") else f"{ten}{join}{unit}"
                below[word] = tenfold + value
                yield word, tenfold + value
    for hundred in rule.get("hundreds", ()):
        for unit, times in [("", 1), *units.items()]:
            yield f"{unit}{hundred}", times * 100
            for rest, value in below.items():
                if value < 100:
                    yield f"{unit}{hundred}{rest}", times * 100 + value
