"""homeward review: the claims worth a look, each with its sentence; one key decides."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import click

from desk.reviewing import Reviewed, merge_events, review_claim, undo
from homeward.commands.show import claim_lines, head
from homeward.frame import Setup, now_option, present, with_setup
from homeward.ledger_json import claim_json
from homeward.shown import BOLD, DIM, counted, paint
from ledger.correcting import SLOTS, parse
from records.errors import HomewardError
from records.review import Action, Doubt
from storage import Store

KEYS = {"a": Action.ACCEPT, "c": Action.CORRECT, "r": Action.REJECT, "m": Action.MERGE, "s": Action.SPLIT}
ASKED = "a accept  c correct  r reject  m merge  s split  u undo the last  n next  q quit"
ACTIONS = [str(action) for action in Action]


@click.command("review", epilog="Example: homeward review --claim 12 --action correct --set children=27")
@with_setup
@click.option("--claim", "claim_id", type=int, metavar="N", help="Decide on this claim (homeward show numbers them).")
@click.option("--event", "event_id", type=int, metavar="N", help="With --action merge: the event to merge away.")
@click.option("--action", type=click.Choice(ACTIONS), help="What to do with it, without being asked.")
@click.option("--set", "sets", multiple=True, metavar="SLOT=VALUE", help="Of a correction: children=27, total='>30', "
              "status=completed, nationality=RU,KZ, women=none. Again for more.")
@click.option("--quote", help="Of a correction: the article's words that give the number, where it has no digits.")
@click.option("--into", type=int, metavar="EVENT", help="Merge into this event; split off into this one.")
@click.option("--correction", "correction_id", type=int, metavar="N", help="With --action undo: which one.")
@click.option("--note", default="", help="Why, for those who read the corrections later.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=200, show_default=True, help="At most so many.")
@click.option("--list", "listed", is_flag=True, help="Only list the queue.")
@click.option("--json", "as_json", is_flag=True, help="The queue, or what was done, as JSON.")
@now_option
def command(setup: Setup, claim_id: int | None, event_id: int | None, action: str | None, sets: Sequence[str],
            quote: str | None, into: int | None, correction_id: int | None, note: str, limit: int, listed: bool,
            as_json: bool, now: datetime | None) -> None:
    """Go through the queue of what is doubtful: numbers in dispute, sums that don't come out, claims that joined an
    event on little ground, corrections whose sentence is gone. Each is shown with its sentence; one key decides.

    With --action it decides without asking. A correction is stored apart from what was read: it survives reading and
    judging anew, `--action undo --correction N` takes it back, and `homeward export corrections` writes all of them
    out as labelled data.
    """
    if action is None:
        if claim_id or event_id or sets or correction_id:
            raise click.UsageError(f"say with --action what to do: {', '.join(ACTIONS)}.")
        if listed or as_json or not sys.stdin.isatty():
            with setup.store() as store:
                click.echo(_queue(store, store.doubts(limit), as_json=as_json))
            return
        with setup.store(write=True) as store:
            click.echo(Session(store, store.doubts(limit), lambda: present(now)).run())
        return
    with setup.store(write=True) as store:
        done = _decide(store, Action(action), present(now), claim_id=claim_id, event_id=event_id, sets=sets,
                       quote=quote, into=into, correction_id=correction_id, note=note)
        click.echo(_told(store, done, action, as_json=as_json))


def _decide(store: Store, action: Action, now: datetime, *, claim_id: int | None, event_id: int | None,
            sets: Sequence[str], quote: str | None, into: int | None, correction_id: int | None,
            note: str) -> Reviewed:
    if action is Action.UNDO:
        if correction_id is None:
            raise click.UsageError("--action undo needs --correction N.")
        return undo(store, correction_id, now=now, note=note)
    if action is Action.MERGE:
        if event_id is None or into is None:
            raise click.UsageError("--action merge needs --event N and --into N.")
        return merge_events(store, event_id, into, now=now, note=note)
    if claim_id is None:
        raise click.UsageError(f"--action {action} needs --claim N.")
    changes = read_sets(sets)
    if bool(changes) != (action is Action.CORRECT):
        raise click.UsageError(f"--set SLOT=VALUE goes with --action correct, and that with it; slots are "
                               f"{', '.join(SLOTS)}.")
    return review_claim(store, action, claim_id, now=now, changes=changes, quote=quote, note=note, into=into)


def read_sets(sets: Sequence[str]) -> dict[str, Any]:
    """ "children=27" and the like. Raises ClaimError or a usage error."""
    found = {}
    for one in sets:
        slot, equals, said = one.partition("=")
        if not equals:
            raise click.UsageError(f'"{one}" is no SLOT=VALUE such as children=27.')
        found[slot.strip()] = parse(slot.strip(), said)
    return found


def _told(store: Store, done: Reviewed, action: str, *, as_json: bool) -> str:
    if as_json:
        return json.dumps({"correction_id": done.correction_id, "action": action, "events": list(done.events)})
    heads = [head(event)[0] for one in done.events if (event := store.event(one)) is not None]
    back = f"homeward review --action undo --correction {done.correction_id}"
    return "\n".join([f"Correction {done.correction_id} ({action}); to take it back: {back}", *heads])


def _queue(store: Store, doubts: Sequence[Doubt], *, as_json: bool) -> str:
    if as_json:
        return json.dumps([{"claim_id": one.claim_id, "event_id": one.event_id, "why": one.why,
                            "claim": claim_json(store.claim(one.claim_id))} for one in doubts],
                          ensure_ascii=False, indent=2)
    if not doubts:
        return "Nothing is in doubt."
    return "\n\n".join([counted(len(doubts), "claim is", "claims are") + " worth a look.",
                        *(shown(store, one) for one in doubts)])


def shown(store: Store, doubt: Doubt) -> str:
    """One doubt: the event, why it is here, the claim with its sentence."""
    event = store.event(doubt.event_id) if doubt.event_id is not None else None
    return "\n".join([*(head(event)[:1] if event else []), paint(f"  {doubt.why}", DIM),
                      *claim_lines(store.claim(doubt.claim_id))])


class Session:
    """A person at a terminal, going through the queue. What is settled by a decision leaves the queue."""

    def __init__(self, store: Store, doubts: Sequence[Doubt], now: Callable[[], datetime],
                 key: Callable[[], str] = click.getchar) -> None:
        self.store, self.doubts, self.now, self.key = store, list(doubts), now, key
        self.done: list[int] = []

    def run(self) -> str:
        """Show and ask until the queue is empty or the person has had enough; a sentence for the end."""
        while self.doubts:
            doubt = self.doubts[0]
            click.echo(f"\n{shown(self.store, doubt)}\n{paint(ASKED, BOLD)} ({len(self.doubts)} left)")
            pressed = self.key().lower()
            if pressed in ("q", "\x03", "\x04", ""):
                break
            if pressed in KEYS or pressed == "u":
                self._decide(doubt, pressed)
            elif pressed in ("n", " ", "\r", "\n"):
                self.doubts.pop(0)
        return f"{counted(len(self.done), 'correction')} made."

    def _decide(self, doubt: Doubt, pressed: str) -> None:
        try:
            done = self._ask(doubt, pressed)
        except HomewardError as error:
            click.echo(f"homeward: {error}", err=True)
            return
        if done is None:
            return
        if pressed == "u":
            self.done.pop()
        else:
            self.done.append(done.correction_id)
        still = {one.claim_id for one in self.store.doubts(len(self.doubts) + 200)}
        self.doubts = [one for one in self.doubts if one.claim_id in still and (one is not doubt or pressed == "u")]

    def _ask(self, doubt: Doubt, pressed: str) -> Reviewed | None:
        """Ask for what the decision needs besides its key; None where the person thought better of it."""
        if pressed == "u":
            return undo(self.store, self.done[-1], now=self.now()) if self.done else None
        action = KEYS[pressed]
        if action is Action.MERGE:
            into = click.prompt("merge this event into event", default="", show_default=False)
            return (merge_events(self.store, doubt.event_id, int(into), now=self.now())
                    if into.isdigit() and doubt.event_id is not None else None)
        if action is not Action.CORRECT:
            return review_claim(self.store, action, doubt.claim_id, now=self.now())
        said = click.prompt("slot=value, several with ;", default="", show_default=False)
        if not said:
            return None
        quote = click.prompt("the words that say it, where no digits do", default="", show_default=False)
        return review_claim(self.store, action, doubt.claim_id, now=self.now(), quote=quote or None,
                            changes=read_sets([part for part in said.split(";") if part.strip()]))
