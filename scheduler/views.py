"""The ledger as a digest reads it: as it is now, or as it stood at an earlier moment, rebuilt from the revisions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from alerts.asof import as_of
from alerts.times import AHEAD
from records.ledger import Event, Revision
from storage import Store
from storage.gathering import Home


class Now:
    """The ledger as it is."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def events(self, ids: Iterable[int]) -> dict[int, Event]:
        """The events and, where one was merged away, the one it lives on in."""
        found: dict[int, Event] = {}
        waiting = set(ids)
        while waiting:
            found |= {event.id: event for event in self.at_once(waiting) if event.id is not None}
            waiting = {event.merged_into for event in found.values() if event.merged_into} - found.keys()
        return found

    def at_once(self, ids: Collection[int]) -> list[Event]:
        return self.store.events_at_once(ids)

    def dated(self, status: Sequence[str], *, since: str = "") -> list[Event]:
        return self.store.dated(status, since=since)

    def plans_due(self, days: Collection[str], opened: tuple[datetime, datetime]) -> list[Event]:
        """Plans whose time may be up, and more: see `Store.plans_due`."""
        return self.store.plans_due(days, opened)

    def came_home(self, months: Sequence[str], *, kinds: Sequence[str], least: int, apart: bool) -> list[Home]:
        """Sums over the events that `changed` leaves out."""
        return self.store.came_home(months, kinds=kinds, least=least, apart=apart)

    def changed(self, status: Sequence[str], *, since: str = "") -> list[Event]:
        """Of the events dated since, those that sums over the store's columns would tell as they are, not as they
        were."""
        return []

    def carried_out(self, plans: Collection[int]) -> set[int]:
        return self.store.carried_out(sorted(plans))


class Past:
    """The ledger at any moment from `since` on. What changed since is read once for all moments."""

    def __init__(self, store: Store, since: datetime) -> None:
        self.store = store
        self.later: dict[int, list[Revision]] = {}
        for revision in store.revisions(since=since, quiet=True):
            self.later.setdefault(revision.event_id, []).append(revision)
        ids = {*self.later, *store.changed_after(since)}
        self.changed = {event.id: event for event in store.events_with_claims(ids)}
        self._known: dict[tuple[tuple[str, ...], str], list[Event]] = {}

    def at(self, moment: datetime) -> Then:
        return Then(self, moment)

    def unchanged(self, status: Sequence[str], since: str) -> list[Event]:
        """The events of these statuses that are at every moment what they are now."""
        key = tuple(status), since
        if key not in self._known:
            self._known[key] = [event for event in self.store.dated(status, since=since)
                                if event.id not in self.changed]
        return self._known[key]


class Then(Now):
    """The ledger at one moment, before texts were edited and claims corrected. A correction that was taken back since
    does not show."""

    def __init__(self, past: Past, moment: datetime) -> None:
        super().__init__(past.store)
        self.past, self.moment = past, moment

    def at_once(self, ids: Collection[int]) -> list[Event]:
        return [event if self._as_it_is(event) else as_of(
            event, self.store.claims_at(event.id or 0, self.moment), self._later(event.id or 0))
            for event in super().at_once(ids)]

    def dated(self, status: Sequence[str], *, since: str = "") -> list[Event]:
        """As the store's, of that moment."""
        return [*self.past.unchanged(status, since), *self.changed(status, since=since)]

    def plans_due(self, days: Collection[str], opened: tuple[datetime, datetime]) -> list[Event]:
        """That one was told is known of now, not of then; of one that changed since it is taken for granted."""
        return [*(event for event in super().plans_due(days, opened) if event.id not in self.past.changed),
                *self.changed(sorted(AHEAD))]

    def came_home(self, months: Sequence[str], *, kinds: Sequence[str], least: int, apart: bool) -> list[Home]:
        return self.store.came_home(months, kinds=kinds, least=least, apart=apart,
                                    without=[one for one in self.past.changed if one])

    def changed(self, status: Sequence[str], *, since: str = "") -> list[Event]:
        found = []
        for event in self.past.changed.values():
            if event.opened_at and event.opened_at > self.moment:
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
