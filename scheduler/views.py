"""The ledger as a digest reads it: as it is now, or as it stood at an earlier moment, rebuilt from the revisions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from alerts.asof import as_of
from records.ledger import Change, Event, Revision
from storage import Store


class Now:
    """The ledger as it is."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def events(self, ids: Iterable[int]) -> dict[int, Event]:
        """The events and, where one was merged away, the one it lives on in."""
        found: dict[int, Event] = {}
        waiting = list(dict.fromkeys(ids))
        while waiting:
            event = self.event(waiting.pop())
            if event is not None and event.id is not None:
                found[event.id] = event
                if event.merged_into is not None and event.merged_into not in found:
                    waiting.append(event.merged_into)
        return found

    def event(self, event_id: int) -> Event | None:
        return self.store.event(event_id)

    def dated(self, status: Sequence[str], *, since: str = "", told: bool = False) -> list[Event]:
        return self.store.dated(status, since=since, told=told)

    def carried_out(self, plans: Collection[int]) -> set[int]:
        return self.store.carried_out(sorted(plans))


class Past:
    """The ledger at any moment from `since` on. Revisions and dated events are read once for all moments."""

    def __init__(self, store: Store, since: datetime) -> None:
        self.store = store
        self.later: dict[int, list[Revision]] = {}
        for revision in store.revisions(since=since, quiet=True):
            self.later.setdefault(revision.event_id, []).append(revision)
        self._known: dict[tuple[str, ...], list[Event]] = {}

    def at(self, moment: datetime) -> Then:
        return Then(self, moment)

    def candidates(self, status: Sequence[str]) -> list[Event]:
        """The events that have one of these statuses now, or had it at some moment."""
        key = tuple(status)
        if key not in self._known:
            had = {event_id for event_id, run in self.later.items()
                   if any(one.change is Change.STATUS and one.old in status for one in run)}
            now = self.store.dated(status)
            self._known[key] = [*now, *self.store.events_with_claims(had - {event.id for event in now})]
        return self._known[key]


class Then(Now):
    """The ledger at one moment. Which texts were edited and which claims corrected since does show."""

    def __init__(self, past: Past, moment: datetime) -> None:
        super().__init__(past.store)
        self.past, self.moment = past, moment

    def event(self, event_id: int) -> Event | None:
        event = self.store.event(event_id)
        if event is None or self._as_it_is(event):
            return event
        return as_of(event, self.store.claims_at(event_id, self.moment), self._later(event_id))

    def dated(self, status: Sequence[str], *, since: str = "", told: bool = False) -> list[Event]:
        """As the store's, of that moment. `told` is what it is now."""
        allowed = {event.id for event in self.store.dated(status, told=True)} if told else None
        found = []
        for event in self.past.candidates(status):
            changed = bool(self.past.later.get(event.id or 0))
            if (event.opened_at and event.opened_at > self.moment) or (allowed is not None and event.id not in allowed
                                                                      and not changed):
                continue
            then = event if self._as_it_is(event) else as_of(
                event, [c for c in event.claims if c.filed_at <= self.moment], self._later(event.id or 0))
            if then.value("status") in status and str(then.value("event_date") or "") >= since:
                found.append(then)
        return found

    def carried_out(self, plans: Collection[int]) -> set[int]:
        return self.store.carried_out(sorted(plans), by=self.moment)

    def _as_it_is(self, event: Event) -> bool:
        return event.changed_at is not None and event.changed_at <= self.moment

    def _later(self, event_id: int) -> list[Revision]:
        return [one for one in self.past.later.get(event_id, ()) if one.at > self.moment]
