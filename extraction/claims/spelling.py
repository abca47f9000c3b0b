"""Names of people as they are shown: known spellings, and other scripts in Latin where that can be told."""

from __future__ import annotations

import re
from functools import lru_cache

from extraction.claims.gazetteer import latin, read, spellings
from extraction.claims.tokens import fold

ARTICLE = "ال"
YEV = re.compile(r"([ao])ev(?=a?\b)")  # "Tokayev", "Abdullayeva", as agencies write them
FAITH = "الدين"  # "علاء الدين", Alaaeddin
SERVANT = re.compile(rf"\b(عبد) ({ARTICLE})")  # "عبد الكريم" is one name in two words


@lru_cache(maxsize=1)
def parts() -> dict[str, str]:
    """Names of one word in Arabic letters, folded -> as they are written in Latin."""
    lists = (text for group in read("parts").values() for text in group.values())
    pairs = (pair.split("=") for text in lists for pair in text.split())
    wide = {fold(word): name.replace("_", " ") for word, name in pairs if "_" not in word}
    return wide | {fold(word): name for name, words in read("names")["parts"].items() for word in words}


def part(word: str) -> str | None:
    """One word of a name in Latin: as it is listed, or by what stands behind its article."""
    key = fold(word)
    if key.endswith(FAITH):
        first = part(word[: -len(FAITH)])
        return f"{first}eddin" if first else None
    bare = parts().get(key[len(ARTICLE) :]) if key.startswith(ARTICLE) else None
    return parts().get(key) or parts().get(ARTICLE + key) or (f"al-{bare}" if bare else None)


def shown(name: str) -> str:
    """The name that is shown for one as it stands in a text."""
    turned = latin(nominative(name))
    if turned != name:  # from other letters; a name in Latin ones stays as its text spells it
        turned = YEV.sub(r"\1yev", turned)
    plain = joined(name) or re.sub(r"iya\b", "ia", turned)
    return spellings().get(fold(name)) or spellings().get(fold(plain)) or plain


@lru_cache(maxsize=1)
def given() -> tuple[dict[str, str], frozenset[str]]:
    """(first names of Cyrillic in their oblique cases -> nominative, those of men)."""
    table = read("names")["given"]
    women = {f"{name[:-1]}{end}": name for name in table["women"] for end in table["women_endings"]}
    women |= {f"{name[:-1]}{end}": name for name in table["women"] if name[-2:] == "ия" for end in ("и", "ю", "ей")}
    men = {f"{name.rstrip('йь')}{end}": name for name in table["men"] for end in table["men_endings"]}
    return women | men, frozenset(table["men"])


def nominative(name: str) -> str:
    """ "Марии Захаровой", "Хикмета Гаджиева": a name in Cyrillic as it stands in a list of names."""
    first, _, rest = name.partition(" ")
    forms, men = given()
    plain = forms.get(first)
    if plain is None or not rest:
        return name
    if plain in men:
        for ending in read("names")["given"]["surname_endings"]:
            old, new = ending.split("=")
            if rest.endswith(old):
                return f"{plain} {rest[: -len(old)]}{new}"
    return f"{plain} {rest}"


def joined(name: str) -> str | None:
    """A name in Arabic letters in Latin ones, where each of its parts is known."""
    found = [part(word) for word in SERVANT.sub(r"\1\2", name).replace(f" {FAITH}", FAITH).split()]
    return " ".join(part for part in found if part) if found and all(found) else None
