"""What a digest gathers, in few questions whatever the size of the store: events and histories by their numbers, who
came home month by month, the plans whose time is up. Nothing here writes."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from records.ledger import Event, Revision
from storage.base import to_json, to_text
from storage.judging import event_of
from storage.looking import Looking, revision_of

PEOPLE = "coalesce(total, coalesce(children, 0) + coalesce(women, 0) + coalesce(men, 0))"
KIND_IS = "json_extract(slots, '$.kind.preferred.value')"  # as the index events_home has it: it is read from there
CAME = (f"from events where merged_into is null and status = 'completed' and independent >= :least and {KIND_IS} in "
        "(select value from json_each(:kinds)) and id not in (select value from json_each(:without)) ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """How many people came home in a month ("2019-07"), of these nationalities on this way."""

    month: str
    people: int
    nationality: tuple[str, ...] = ()  # ISO codes
    origin: str | None = None
    destination: str | None = None


class Gathering(Looking):
    """Questions of the digest that one by one would be hundreds."""

    def events_at_once(self, ids: Iterable[int]) -> list[Event]:
        """As `event`, for many: a merged one as it was left, with `merged_into`. Unknown ids are left out."""
        wanted = to_json(sorted(set(ids)))
        rows = self.rows("select * from events where id in (select value from json_each(?))", (wanted,))
        if not rows:
            return []
        links: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for row in self.rows("select l.event_id, l.other_id, l.why from event_links l join events e on e.id = "
                             "l.other_id where l.event_id in (select value from json_each(?)) and e.merged_into is null"
                             " and e.slots != '{}' order by l.event_id, l.other_id", (wanted,)):
            links[row["event_id"]].append((row["other_id"], row["why"]))
        claims = self._held([row["id"] for row in rows if not row["merged_into"]])
        return [replace(event_of(row), claims=claims.get(row["id"], ()), links=tuple(links[row["id"]]))
                for row in rows]

    def histories(self, ids: Collection[int]) -> dict[int, list[Revision]]:
        """All revisions of these events, the quiet ones too, in the order they were made."""
        found: dict[int, list[Revision]] = defaultdict(list)
        for row in self.rows("select * from revisions where event_id in (select value from json_each(?)) order by id",
                             (to_json(sorted(ids)),)) if ids else ():
            found[row["event_id"]].append(revision_of(row))
        return found

    def changed_after(self, moment: datetime) -> list[int]:
        """The events that anything changed of since, in the order of their numbers."""
        return sorted(row["id"] for row in self.rows("select id from events where changed_at > ?", (to_text(moment),)))

    def came_home(self, months: Sequence[str], *, kinds: Sequence[str], least: int = 1,
                  without: Collection[int] = (), apart: bool = False) -> list[Home]:
        """Who came home in these months, by events that are completed, dated to the month and of these kinds.

        `least`: independent sources. `without`: events left out. `apart`: by nationality and way, not summed up.
        """
        given: dict[str, object] = {"months": to_json(list(months)), "kinds": to_json(list(kinds)), "least": least,
                                    "without": to_json(sorted(without)),
                                    "first": min(months), "past": max(months) + "~"}
        if apart:
            return [Home(**row | {"nationality": tuple(json.loads(row["nationality"]))}) for row in self.rows(
                f"select substr(event_date, 1, 7) as month, sum({PEOPLE}) as people, nationality, "
                f"origin_country as origin, destination_country as destination {CAME} and event_date >= :first "
                "and event_date < :past group by 1, 3, 4, 5", given)]
        return [Home(month=row["month"], people=row["people"] or 0) for row in self.rows(
            f"select m.value as month, (select sum({PEOPLE}) {CAME} and event_date >= m.value "
            "and event_date < m.value || '~') as people from json_each(:months) m", given)]

    def plans_due(self, days: Collection[str], opened: tuple[datetime, datetime]) -> list[Event]:
        """Events that are planned or agreed, and told as such, whose date is one of these ("2019-07-15", "2019-07"), or
        that were first heard of after the one moment and up to the other."""
        return self.events_with_claims(row["id"] for row in self.rows(
            "select id from events where merged_into is null and status in ('planned', 'agreed') and told = 1 and "
            "(substr(event_date, 1, 10) in (select value from json_each(:days)) "
            "or (opened_at > :after and opened_at <= :upto))",
            {"days": to_json(sorted(days)), "after": to_text(opened[0]), "upto": to_text(opened[1])}))
