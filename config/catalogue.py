"""The bundled catalogue of sources: looked up by id, chosen by language, country, kind and grade."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from config.source_tables import EndpointTable, SourceTable
from records.errors import ConfigError

GRADES = "ABCX"


class Catalogue(BaseModel):
    """The file; made with the same care as the user's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    queries: dict[str, tuple[str, ...]]
    source: tuple[SourceTable, ...]


@cache
def _bundled() -> Catalogue:
    return Catalogue.model_validate(tomllib.loads((files("config") / "catalogue.toml").read_text("utf-8")))


def catalogue() -> tuple[SourceTable, ...]:
    return _bundled().source


def queries() -> Mapping[str, tuple[str, ...]]:
    """The words that keyword feeds are asked for, by language."""
    return _bundled().queries


def best(source: SourceTable) -> tuple[EndpointTable, ...]:
    """What a source's id stands for: its addresses of the best grade; none when only failures were seen."""
    grades = sorted({endpoint.grade or "C" for endpoint in source.endpoint}, key=GRADES.index)
    return tuple(endpoint for endpoint in source.endpoint if endpoint.grade == grades[0] != "X")


def expand(ids: Sequence[str], path: Path) -> list[SourceTable]:
    """The sources that a config's `catalogue` names, each with the endpoints asked for. Raises ConfigError."""
    whole = {source.id: source for source in catalogue()}
    single = {endpoint.id: source for source in catalogue() for endpoint in source.endpoint}
    chosen: dict[str, dict[str, EndpointTable]] = {}
    for each in ids:
        source = whole.get(each) or single.get(each)
        if source is None:
            near = difflib.get_close_matches(each, [*whole, *filter(None, single)], n=1)
            raise ConfigError(f'{path}: catalogue has "{each}", which the bundled catalogue does not know'
                              + (f'; did you mean "{near[0]}"?' if near else "; `homeward init --list` shows it"))
        wanted = best(source) if each in whole else [one for one in source.endpoint if one.id == each]
        if not wanted:
            raise ConfigError(f'{path}: catalogue has "{each}", for which no working address is known; take it out, or '
                              "add it as a [[source]] with an address of your own")
        chosen.setdefault(source.id, {}).update({one.url: one for one in wanted})
    return [whole[source_id].model_copy(update={"endpoint": tuple(endpoints.values())})
            for source_id, endpoints in chosen.items()]


def choose(*, languages: Collection[str] = (), countries: Collection[str] = (), kinds: Collection[str] = (),
           grades: Collection[str] = ("A",)) -> list[tuple[SourceTable, EndpointTable]]:
    """The endpoints that fit; with nothing asked for, the set that suits a newcomer."""
    anything = bool(languages or countries or kinds) or set(grades) != {"A"}
    return [(source, endpoint) for source in catalogue() for endpoint in source.endpoint
            if (anything or endpoint.default) and endpoint.grade in grades
            and (not languages or endpoint.language in languages)
            and (not countries or source.country in countries) and (not kinds or source.kind in kinds)]
