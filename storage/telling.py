"""What was told to whom: cursors, the queue of deliveries, threads, and the proof of life.

A delivery is written before it is sent and marked after. One found in `sending` whose lease has run out was cut off by
a crash: it is claimed again and keeps its message key, so a reader's mail program can see that it is the same.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from records.ledger import StoredClaim, StoredFigure
from records.telling import Cursor, Delivery, DeliveryState, Message, Thread
from storage.base import Base, Row, to_json, to_moment, to_text
from storage.judging import COLUMNS, stored_claim

SENDING = timedelta(minutes=10)  # a lease; SMTP to five recipients at 30 s an answer would take six minutes
HELD_AT = COLUMNS + """from judgements j join claims c on c.id = j.claim_id join articles a on a.id = c.article_id
left join review_marks m on m.claim_id = c.id and m.correction_id in (select id from corrections where at <= :at)
where m.action is not 'reject' and j.event_id = :event
  and j.id = (select max(id) from judgements where claim_id = c.id and at <= :at)
  and c.version_id = (select id from versions where article_id = c.article_id and seen_at <= :at
                      order by n desc limit 1) order by c.id
"""
THREAD = 20  # messages a References header names; RFC 5322 sets no bound, mail programs look at the last few


def _message_json(message: Message) -> str:
    return to_json({"key": message.key, "subject": message.subject, "text": message.text, "html": message.html,
                    "blocks": list(message.blocks), "event_id": message.event_id,
                    "references": list(message.references), "events": list(message.events), "page": message.page})


def _message(text: str) -> Message:
    data = json.loads(text)
    return Message(**data | {name: tuple(data[name]) for name in ("blocks", "references", "events")})


def _part(delivery: Delivery) -> str:
    """The last part of the message's key (subscription, period, part)."""
    return delivery.message.key.rsplit("/", 1)[-1]


def _must(text: str) -> datetime:
    moment = to_moment(text)
    assert moment is not None, "the column is declared not null"
    return moment


def _delivery(row: Row) -> Delivery:
    same = ("id", "subscription_id", "channel_id", "period", "attempts", "error", "after_revision", "last_revision",
            "receipt")
    return Delivery(**{name: row[name] for name in same}, message=_message(row["message"]),
                    owed=tuple(json.loads(row["owed"])),
                    state=DeliveryState(row["state"]), next_try_at=_must(row["next_try_at"]),
                    created_at=_must(row["created_at"]), sent_at=to_moment(row["sent_at"]))


class Telling(Base):
    """Verbs of the telling. Times are arguments; no verb decides when to try again."""

    def cursor(self, subscription_id: str) -> Cursor | None:
        row = self.row("select * from cursors where subscription_id = ?", [subscription_id])
        return Cursor(subscription_id=subscription_id, last_revision=row["last_revision"],
                      last_figure=row["last_figure"], until=_must(row["until"]),
                      seen_at=_must(row["seen_at"])) if row else None

    def queue(self, deliveries: Sequence[Delivery], cursor: Cursor, *, was: Cursor | None) -> bool:
        """Write the deliveries and move the cursor, in one transaction; True where that was done.

        Nothing is written when the cursor is no longer `was`: another program told this span. Where one of them has the
        (subscription, period, part) of an older delivery (the clock was set back), none is written and the cursor moves
        in time only: what changed is told with the next period.
        """
        with self.write():
            if self.cursor(cursor.subscription_id) != was:
                return False
            known = any(self.is_known(delivery) for delivery in deliveries)
            for delivery in deliveries if not known else ():
                self.add_delivery(delivery)
            kept = was if known and was else cursor
            self.execute("insert or replace into cursors values (?, ?, ?, ?, ?)",
                         [cursor.subscription_id, kept.last_revision, kept.last_figure, to_text(cursor.until),
                          to_text(cursor.seen_at)])
        return not known

    def queued_between(self, subscription_id: str, since: datetime, until: datetime) -> int:
        """How many messages were made for a subscription after the one moment and up to the other."""
        row = self.row("select count(*) as n from deliveries where subscription_id = ? and created_at > ?"
                       " and created_at <= ?", [subscription_id, to_text(since), to_text(until)])
        return int(row["n"]) if row else 0

    def is_known(self, delivery: Delivery) -> bool:
        return self.row("select 1 from deliveries where subscription_id = ? and period = ? and part = ?",
                        [delivery.subscription_id, delivery.period, _part(delivery)]) is not None

    def add_delivery(self, delivery: Delivery) -> None:
        """One delivery and the events it tells of, inside `write()`."""
        message = delivery.message
        new = self.add("deliveries", {
            "subscription_id": delivery.subscription_id, "channel_id": delivery.channel_id, "period": delivery.period,
            "part": _part(delivery), "event_id": message.event_id, "message": _message_json(message),
            "message_key": message.key, "state": str(delivery.state), "attempts": delivery.attempts,
            "next_try_at": self._in_turn(delivery.channel_id, to_text(delivery.next_try_at)),
            "created_at": to_text(delivery.created_at),
            "after_revision": delivery.after_revision, "last_revision": delivery.last_revision})
        for event_id in set(message.events):
            self.add("delivery_events", {"delivery_id": new, "event_id": event_id, "channel_id": delivery.channel_id})

    def _in_turn(self, channel_id: str, moment: str, before: int | None = None) -> str:
        """Not earlier than what waits for the channel already: after an outage the older news comes first. One that
        fails for reasons of its own delays the next by one pause at most: both are tried then. One that waits for
        single recipients delays nothing."""
        row = self.row("select max(next_try_at) as last from deliveries where channel_id = ? and state = 'waiting'"
                       " and attempts > 0 and owed = '[]' and (? is null or id < ?)", [channel_id, before, before])
        return max(moment, row["last"] or "") if row else moment

    def claim_waiting(self, now: datetime, limit: int = 1) -> list[Delivery]:
        """Deliveries whose time has come, oldest first, marked as being sent; resting channels' are left alone."""
        with self.write():
            due = self.rows(
                "select * from deliveries where state in ('waiting', 'sending') and next_try_at <= :now"
                " and channel_id not in (select channel_id from channel_rests where until > :now)"
                " order by id limit :limit", {"now": to_text(now), "limit": limit})
            for row in due:
                self.execute("update deliveries set state = 'sending', attempts = attempts + 1, next_try_at = ?"
                             " where id = ?", [to_text(now + SENDING), row["id"]])
        return [_delivery(row | {"state": "sending", "attempts": row["attempts"] + 1}) for row in due]

    def take_back(self, now: datetime) -> int:
        """Let what a dead sender left in `sending` be sent at once; returns how many. For whoever knows that it is the
        only one that sends: the holder of the lock."""
        with self.write():
            return self.execute("update deliveries set next_try_at = min(next_try_at, ?) where state = 'sending'",
                                [to_text(now)])

    def sent(self, delivery_id: int, now: datetime, receipt: str, *, refused: Sequence[str] = ()) -> None:
        """It is out, but for those who refused it. What was reported of the channel before is over."""
        with self.write():
            self.execute("delete from troubles where channel_id = (select channel_id from deliveries where id = ?)"
                         " and (whom = '' or ?)", [delivery_id, not refused])
            self.execute("update deliveries set state = 'sent', sent_at = ?, receipt = ?, error = null where id = ?",
                         [to_text(now), receipt, delivery_id])

    def postpone(self, delivery_id: int, next_try: datetime, error: str, *, owed: Sequence[str] = ()) -> None:
        """Try again then, or later where older deliveries of the channel wait for longer; for the `owed` alone."""
        with self.write():
            row = self.row("select channel_id from deliveries where id = ?", [delivery_id])
            moment = self._in_turn(row["channel_id"], to_text(next_try), delivery_id) \
                if row and not owed else to_text(next_try)
            self.execute("update deliveries set state = 'waiting', next_try_at = ?, error = ?, owed = ? where id = ?",
                         [moment, error, to_json(list(owed)), delivery_id])

    def failed(self, delivery_id: int, error: str) -> None:
        with self.write():
            self.execute("update deliveries set state = 'failed', error = ? where id = ?", [error, delivery_id])

    def rest(self, channel_id: str, until: datetime, why: str) -> None:
        """Leave a whole channel alone until then; kept here so that a restart does not ask again too early."""
        with self.write():
            self.execute("insert or replace into channel_rests values (?, ?, ?)", [channel_id, to_text(until), why])

    def thread(self, channel_id: str, events: Sequence[int], *, before: int | None = None) -> Thread:
        """Earlier deliveries on this channel that tell of any of these events (`before`: of a lower id).

        The receipt is that of the oldest sent message about one event alone, which is what a Slack thread hangs on.
        """
        rows = self.rows(
            "select distinct d.id, d.message_key, d.event_id, d.state, d.receipt from delivery_events e"
            " join deliveries d on d.id = e.delivery_id where e.channel_id = :channel and d.state != 'failed'"
            " and e.event_id in (select value from json_each(:events)) and (:before is null or d.id < :before)"
            " order by d.id", {"channel": channel_id, "events": to_json(list(events)), "before": before})
        sent = [row["receipt"] for row in rows if row["state"] == "sent" and row["event_id"] is not None]
        return Thread(keys=tuple(row["message_key"] for row in rows[-THREAD:]), receipt=sent[0] if sent else None)

    def carried_out(self, plans: Sequence[int], *, by: datetime | None = None) -> set[int]:
        """Those of the events that are linked to one which is under way or was carried out: in other numbers, it is
        what came of the plan. `by`: linked at that moment."""
        return {row["event_id"] for row in self.rows(
            "select l.event_id from event_links l join events e on e.id = l.other_id where e.merged_into is null"
            " and e.status in ('under_way', 'completed') and (:by is null or l.at <= :by)"
            " and l.event_id in (select value from json_each(:plans))",
            {"plans": to_json(list(plans)), "by": to_text(by) if by else None})}

    def claims_at(self, event_id: int, moment: datetime) -> tuple[StoredClaim, ...]:
        """The claims that an event held at a moment, of the texts as they were then."""
        return tuple(stored_claim(row) for row in self.rows(
            HELD_AT, {"event": event_id, "at": to_text(moment)}))

    def is_repeated(self, figure: StoredFigure) -> bool:
        """An earlier article gave the same number of the same thing at the same place."""
        return self.row("select 1 from figures where id < ? and article_id != ? and what = ? and value = ?"
                        " and place is ?", [figure.id, figure.article_id, figure.what, figure.value,
                                            figure.place]) is not None

    def deliveries(self, *, states: Sequence[str] = (), limit: int = 100) -> list[Delivery]:
        """The newest deliveries first: the queue (`waiting`, `sending`) or the record of what was sent."""
        rows = self.rows("select * from deliveries where :all or state in (select value from json_each(:states))"
                         " order by id desc limit :limit",
                         {"all": not states, "states": to_json(list(states)), "limit": limit})
        return [_delivery(row) for row in rows]
