"""News for tests, in one line each: claims whose numbers stand in their sentence, articles that say them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from records.claims import Claim, Count, Evidence, Figure, Official, OtherValue, Reading
from records.ledger import Event, StoredClaim
from records.news import Article, Source
from records.words import Basis, FigureKind, Group, Kind, Precision, Qualifier, Status

NOON = datetime(2019, 7, 15, 12, tzinfo=UTC)
HEDGES = {"~": Qualifier.ABOUT, ">": Qualifier.AT_LEAST, "<": Qualifier.AT_MOST}
Number = int | str  # 33, or with its hedge: ">30", "~20", "<9"


def number(said: Number) -> tuple[int, Qualifier]:
    text = str(said)
    return int(text.lstrip("~><")), HEDGES.get(text[0], Qualifier.EXACT)


def claim(nation: str = "RU", *, main: bool = True, way: str = "IQ>RU", date: str | None = None, reported: bool = False,
          status: str = "completed", kind: str = "repatriation", others: Mapping[str, Number] | None = None,
          ordinal: int | None = None, operation: str | None = None, at: int = 0, **counts: Number) -> Claim:
    """A claim like `claim("RU", children=33, way="IQ>RU", date="2019-07-15")`; its quote stands at offset `at`."""
    said = {Group(group): number(value) for group, value in counts.items()}
    beside = {Group(group): number(value) for group, value in (others or {}).items()}
    quote = " and ".join(f"{value} {group}" for numbers in (said, beside) for group, (value, _) in numbers.items())
    evidence = Evidence(quote=f"Came home: {quote}.", start=at, end=at + len(quote) + 12)
    origin, _, destination = way.partition(">")
    precision = {10: Precision.DAY, 7: Precision.MONTH, 4: Precision.YEAR}[len(date)] if date else None
    return Claim(
        main=main, kind=Kind(kind), status=Status(status), evidence=evidence,
        nationality=tuple(sorted(nation.split("+"))) if nation else (),
        counts={group: Count(value=value, qualifier=how, written=str(value), evidence=evidence)
                for group, (value, how) in said.items()},
        other_values=tuple(OtherValue(group=group, value=value, qualifier=how, written=str(value), evidence=evidence)
                           for group, (value, how) in beside.items()),
        origin_country=origin or None, destination_country=destination or None, event_date=date,
        event_date_precision=precision, ordinal=ordinal, operation=operation,
        event_date_basis=(Basis.REPORTED if reported else Basis.STATED) if date else None)


def stored(n: int, said: Claim, *, article: int | None = None, origin: int | None = None, outlet: str | None = None,
           published: str | None = None, kind: str = "news", lang: str = "en") -> StoredClaim:
    """A claim as the ledger sees it: claim `n` of article `n`, printed by an outlet of its own."""
    article = article or n
    return StoredClaim(id=n, article_id=article, version_id=article, claim=said, source_id=None,
                       outlet=outlet or f"Outlet {article}", source_kind=kind, origin_id=origin or article, lang=lang,
                       published=published, url=f"https://news.test/{article}", title=None, filed_at=NOON)


def event(n: int, *claims: StoredClaim) -> Event:
    return Event(id=n, claims=claims)


def reading(*said: Claim, text: str = "", relevant: bool = True, why: str = "children come home",
            minors: tuple[str, ...] = (), held: int | None = None, officials: tuple[str, ...] = ()) -> Reading:
    """A reading whose text is the claims' sentences, one after another, and then `text`."""
    placed, whole = [], ""
    for one in said:
        placed.append(_at(one, len(whole)))
        whole += one.evidence.quote + " "
    whole += text
    figures: tuple[Figure, ...] = ()
    if held is not None:
        quote = f"{held} are held"
        figures = (Figure(what=FigureKind.HELD, value=held, written=str(held), place="IQ",
                          evidence=Evidence(quote=quote, start=len(whole), end=len(whole) + len(quote))),)
        whole += quote
    names = tuple(Evidence(quote=name, start=whole.index(name), end=whole.index(name) + len(name)) for name in minors)
    return Reading(text=whole, lang="en", relevant=relevant, why=why, claims=tuple(placed), figures=figures,
                   minors=names, officials=tuple(Official(name=name) for name in officials))


def _at(said: Claim, start: int) -> Claim:
    """The same claim with its quotes moved to `start`."""
    def moved(data: Any) -> Any:
        if isinstance(data, list):
            return [moved(one) for one in data]
        if not isinstance(data, dict):
            return data
        if "quote" in data:
            return {**data, "start": start, "end": start + len(data["quote"])}
        return {key: moved(value) for key, value in data.items()}
    return Claim.from_json(moved(said.to_json()))


def article(read: Reading, n: int, *, outlet: str = "", title: str | None = None, published: str | None = None,
            **more: Any) -> Article:
    """Article `n` with the reading's text, at an address of its own."""
    return Article(**{"url": f"https://news.test/{n}", "source_id": None, "outlet": outlet or f"Outlet {n}",
                      "title": title, "text": read.text, "lang": "en", "published": published, **more})


PRESSTV = Source(id="presstv", name="Press TV")
MINISTRY = Source(id="mofa", name="Foreign Ministry", kind="government")
