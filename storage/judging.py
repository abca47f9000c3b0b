"""Events: which claims they hold, what they are looked up by, how they changed. Claims and revisions are only added."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from records.claims import Claim
from records.ledger import Event, Joining, Revision, Slot, SlotValue, StoredClaim
from records.words import Group, Qualifier
from storage.base import Base, Row, to_json, to_moment, to_text
from storage.masks import cover, covered, minors_of

KEY_MOST = 24  # events under one key that are looked at; the newest. A month of one country has had 12 at most
CANDIDATES = 10  # events that a claim is held against: those that share most of its keys
NONE = "[]"
CLAIMS_KEPT = 8192  # claims read and kept, some 3 kB each: the same events' claims are met again and again
COUNTS = tuple(str(group) for group in Group if group not in (Group.GIRLS, Group.BOYS, Group.ORPHANS))
PLAIN = ("status", *COUNTS, "origin_country", "origin_place", "destination_country", "destination_place", "event_date",
         "ordinal", "operation")
COLUMNS = """
select c.id, c.article_id, c.version_id, c.claim, a.source_id, a.outlet, a.source_kind, a.published, a.url, a.title,
       a.lang, a.from_entry, coalesce(a.origin_id, a.id) as origin, a.filed_at, a.credit, m.action as review,
       m.claim as corrected, c.minors
"""
MARKS = " left join review_marks m on m.claim_id = c.id "
ONE = COLUMNS + f"""from claims c join articles a on a.id = c.article_id{MARKS}
where c.id = ?"""
JUDGED = COLUMNS + f""", j.event_id
from judgements j join claims c on c.id = j.claim_id join articles a on a.id = c.article_id{MARKS}
where m.action is not 'reject' and j.event_id in (select value from json_each(:events))
  and j.id = (select max(id) from judgements where claim_id = c.id)
"""
HELD = JUDGED + "and c.version_id = a.version_id order by c.id"
EDITED = JUDGED + "and c.version_id <> a.version_id order by c.id"
# One statement for any number of keys, so that it is prepared once; of each key the newest events.
UNDER_KEYS = f"""
select e.event_id from json_each(?) k join event_keys e on e.key = k.value and e.event_id > coalesce(
  (select event_id from event_keys where key = k.value order by event_id desc limit 1 offset {KEY_MOST}), 0)
group by e.event_id order by count(*) desc, e.event_id desc limit {CANDIDATES}
"""


class Judging(Base):
    """What the ledger decided."""

    def events_by_keys(self, keys: Collection[str], also: Collection[int] = ()) -> list[Event]:
        """The events that share most of these keys, and those named besides: their claims, without slots."""
        nearest = [row["event_id"] for row in self.rows(UNDER_KEYS, (to_json(sorted(keys)),))]
        return [Event(id=event_id, claims=claims) for event_id, claims in self._held({*nearest, *also}).items()]

    def events_of_article(self, article_id: int) -> list[int]:
        """The events that any version's claims of this article were judged to belong to."""
        return [row["event_id"] for row in self.rows(
            "select distinct j.event_id from claims c join judgements j on j.claim_id = c.id "
            "where c.article_id = ? order by j.event_id", (article_id,))]

    def events_with_claims(self, ids: Iterable[int]) -> list[Event]:
        """These events with all the claims they hold now."""
        wanted = sorted(ids)
        if not wanted:
            return []
        claims = self._held(wanted)
        rows = self.rows("select * from events where merged_into is null and id in (select value from json_each(?))",
                         (to_json(wanted),))
        return [replace(event_of(row), claims=claims.get(row["id"], ())) for row in rows]

    def with_slots(self, events: Iterable[Event]) -> list[Event]:
        """These events, whose claims are known, with their slots."""
        claims = {event.id: event.claims for event in events}
        rows = self.rows("select * from events where merged_into is null and id in (select value from json_each(?))",
                         (to_json(sorted(one for one in claims if one)),)) if claims else []
        return [replace(event_of(row), claims=claims[row["id"]]) for row in rows]

    def _held(self, ids: Iterable[int]) -> dict[int, tuple[StoredClaim, ...]]:
        """The claims that these events hold now, of articles' newest versions."""
        claims: dict[int, list[StoredClaim]] = {}
        for row in self.rows(HELD, {"events": to_json(sorted(ids))}):
            claims.setdefault(row["event_id"], []).append(stored_claim(row))
        return {event_id: tuple(held) for event_id, held in claims.items()}

    def withdrawn(self, event: Event) -> tuple[StoredClaim, ...]:
        """What earlier texts of articles said of this event, and the newest texts of those articles do not."""
        now = [_gist(held) for held in event.claims]
        found = (stored_claim(row) for row in self.rows(EDITED, {"events": to_json([event.id])}))
        return tuple(stored for stored in found if _gist(stored) not in now)

    def claim(self, claim_id: int) -> StoredClaim:
        """A stored claim with its article, whichever event it belongs to."""
        return stored_claim(self.rows(ONE, (claim_id,))[0])

    def open_event(self, now: datetime) -> int:
        """A new event without slots; `keep_event` fills it in the same transaction."""
        return self.add("events", {"opened_at": to_text(now), "changed_at": to_text(now), "slots": "{}"})

    def keep_event(self, event: Event, keys: Collection[str], *, told: bool, now: datetime) -> None:
        """An event's reconciled state, and what it is looked up by from now on."""
        values = {name: event.value(name) for name in PLAIN}
        sets = ", ".join(f"{name} = :{name}" for name in values)
        nationality = str(event.value("nationality") or "")
        self.execute(
            f"update events set {sets}, nationality = :nationality, independent = :independent, "
            "disputed = :disputed, slots = :slots, warnings = :warnings, changed_at = :now, told = max(told, :told) "
            "where id = :id",
            {**values, "nationality": to_json([code for code in nationality.split(",") if code]),
             "independent": event.independent, "disputed": int(event.disputed),
             "slots": to_json({name: _slot_json(slot) for name, slot in event.slots.items()}),
             "warnings": to_json(event.warnings), "now": to_text(now), "told": int(told), "id": event.id})
        self.execute_many("insert into event_keys (key, event_id) values (?, ?) on conflict do nothing",
                          [(key, event.id) for key in sorted(keys)])

    def merge_event(self, event_id: int, into: int, why: str, now: datetime, *,
                    correction_id: int | None = None) -> None:
        """The event proves to be another one: its claims and keys go there, and it says where it went."""
        for row in self.rows(HELD, {"events": to_json([event_id])}):
            self.judge(row["id"], Joining(event_id=into, why=why), into, now, correction_id=correction_id)
        self.execute("insert into event_keys (key, event_id) select key, ? from event_keys where event_id = ? "
                     "on conflict do nothing", (into, event_id))
        self.execute("delete from event_keys where event_id = ?", (event_id,))
        self.execute("update events set merged_into = ?, changed_at = ? where id = ?", (into, to_text(now), event_id))

    def was_told(self, event_id: int) -> bool:
        row = self.row("select told from events where id = ?", (event_id,))
        return bool(row and row["told"])

    def judge(self, claim_id: int, joining: Joining, event_id: int | None, now: datetime, *,
              correction_id: int | None = None) -> None:
        self.add("judgements", {"claim_id": claim_id, "event_id": event_id, "why": joining.why, "at": to_text(now),
                                "sure": int(joining.sure), "correction_id": correction_id})

    def event_of(self, claim_id: int) -> int | None:
        """The event that a claim was last judged to belong to."""
        row = self.row("select event_id from judgements where claim_id = ? order by id desc limit 1", (claim_id,))
        return row["event_id"] if row else None

    def link_events(self, event_id: int, links: Collection[tuple[int, str]], now: datetime) -> None:
        """Two events are related and not the same; each says so of the other."""
        if not links:
            return
        self.execute_many("insert into event_links (event_id, other_id, why, at) values (?, ?, ?, ?) "
                          "on conflict do nothing",
                          [(one, two, why, to_text(now)) for other, why in links if other != event_id
                           for one, two in ((event_id, other), (other, event_id))])

    def add_revisions(self, revisions: Sequence[Revision]) -> None:
        for revision in revisions:
            self.add("revisions", {
                "event_id": revision.event_id, "change": str(revision.change), "slot": revision.slot,
                "old": to_json(revision.old), "new": to_json(revision.new), "claim_id": revision.claim_id,
                "at": to_text(revision.at), "quiet": int(revision.quiet), "why": revision.why})


def _gist(stored: StoredClaim) -> tuple[int, str, dict[Group, int]]:
    """What an edit may take back: the status and the numbers, whatever the sentence."""
    claim = stored.claim
    return stored.article_id, claim.status, {group: count.value for group, count in claim.counts.items()}


def stored_claim(row: Row) -> StoredClaim:
    filed = to_moment(row["filed_at"])
    assert filed is not None
    minors = minors_of(json.loads(row["minors"])) if row["minors"] != NONE else ()
    return StoredClaim(
        id=row["id"], article_id=row["article_id"], version_id=row["version_id"],
        claim=_claim(row["corrected"] or row["claim"], row["minors"]),
        source_id=row["source_id"], outlet=row["outlet"], source_kind=row["source_kind"], origin_id=row["origin"],
        lang=row["lang"], published=row["published"], url=row["url"], filed_at=filed, credit=row["credit"],
        review=row["review"], from_entry=bool(row["from_entry"]),
        title=cover(row["title"], minors) if row["title"] else None)


@lru_cache(maxsize=CLAIMS_KEPT)
def _claim(text: str, minors: str) -> Claim:
    """A claim from its JSON, the names in it covered. Claims never change: one text read twice is the same claim."""
    return Claim.from_json(covered(json.loads(text), minors_of(json.loads(minors))))


def event_of(row: Row) -> Event:
    """A row of `events` as the record, without its claims."""
    return Event(id=row["id"], slots={name: _slot(name, data) for name, data in json.loads(row["slots"]).items()},
                 independent=row["independent"], warnings=tuple(json.loads(row["warnings"])),
                 opened_at=to_moment(row["opened_at"]), changed_at=to_moment(row["changed_at"]),
                 merged_into=row["merged_into"])


def _slot_json(slot: Slot) -> dict[str, Any]:
    return {"preferred": _value_json(slot.preferred), "rule": slot.rule, "disputed": slot.disputed,
            "others": [_value_json(value) for value in slot.others]}


def _value_json(value: SlotValue) -> dict[str, Any]:
    found = {"value": value.value, "qualifier": str(value.qualifier), "claims": list(value.claim_ids),
             "outlets": list(value.outlets), "independent": value.independent}
    return found | {"confirmed": True} if value.confirmed else found


def _slot(name: str, data: dict[str, Any]) -> Slot:
    return Slot(name=name, preferred=_value(data["preferred"]), rule=data["rule"], disputed=data["disputed"],
                others=tuple(_value(other) for other in data["others"]))


def _value(data: dict[str, Any]) -> SlotValue:
    return SlotValue(value=data["value"], qualifier=Qualifier(data["qualifier"]), claim_ids=tuple(data["claims"]),
                     outlets=tuple(data["outlets"]), independent=data["independent"],
                     confirmed=data.get("confirmed", False))
