"""What is told of an event that changed: opened, revised, its status, a dispute, one more source; loud or quiet."""

from __future__ import annotations

from ledger.reconcile import reconcile
from ledger.revising import merged, revise
from records.ledger import Change, Revision, StoredClaim
from tests.telling_news import NOON, claim, stored

FIRST = stored(1, claim(children=33, date="2019-07-15", reported=True), published="2019-07-15")


def changes(*claims: StoredClaim, quiet: bool = False, told: bool = True) -> tuple[Revision, ...]:
    """The revisions the last claim causes."""
    return revise(reconcile(1, claims[:-1]), reconcile(1, claims), claim_ids=[claims[-1].id], now=NOON, quiet=quiet,
                  told_before=told)


def said(revisions: tuple[Revision, ...]) -> list[tuple[str, str | None, object, object, bool]]:
    return [(str(one.change), one.slot, one.old, one.new, one.quiet) for one in revisions]


def test_a_new_event_is_opened_by_its_claim() -> None:
    (opened,) = revise(None, reconcile(1, [FIRST]), claim_ids=[1], now=NOON, quiet=False, told_before=False)
    assert (opened.change, opened.claim_id, opened.quiet) == (Change.OPENED, 1, False)


def test_another_number_that_wins_is_a_revision_from_old_to_new_with_its_claim() -> None:
    later = stored(2, claim(children=32), published="2019-07-16")
    number = [one for one in changes(FIRST, later) if one.slot == "children"]
    assert said(tuple(number)) == [("revised", "children", 33, 32, False)]
    assert (number[0].claim_id, number[0].why) == (2, "the later report")


def test_another_number_that_loses_is_a_dispute() -> None:
    second = stored(2, claim(children=33), published="2019-07-15")
    (dispute, *_) = [one for one in changes(FIRST, second, stored(3, claim(children=30))) if one.slot == "children"]
    assert said((dispute,)) == [("disputed", "children", 33, 30, False)]
    assert dispute.why == "Outlet 3 says otherwise"


def test_a_plan_that_is_carried_out_is_a_change_of_status() -> None:
    plan = stored(1, claim("UZ", children=65, status="planned"))
    told = said(changes(plan, stored(2, claim("UZ", children=64))))
    assert ("status", "status", "planned", "completed", False) in told
    assert ("revised", "children", 65, 64, False) in told


def test_one_more_report_of_the_same_adds_a_source_and_nothing_else() -> None:
    assert said(changes(FIRST, stored(2, claim(children=33)))) == [("source", None, None, None, False)]


def test_what_is_only_told_more_precisely_is_kept_quietly_beside_the_source() -> None:
    told = said(changes(FIRST, stored(2, claim(children=33, total=33, date="2019-07-10", ordinal=2))))
    assert ("revised", "event_date", "2019-07-15", "2019-07-10", True) in told
    assert ("revised", "ordinal", None, 2, True) in told
    assert [one[0] for one in told if not one[4]] == ["source"]


def test_the_first_number_of_an_event_is_news() -> None:
    bare, counted = stored(1, claim("GB", way="SY>GB")), stored(2, claim("GB", way="SY>GB", children=3))
    assert ("revised", "children", None, 3, False) in said(changes(bare, counted))


def test_backfill_is_quiet_in_everything() -> None:
    later = stored(2, claim(children=20), published="2019-07-16")
    assert {one.quiet for one in changes(FIRST, later, quiet=True)} == {True}


def test_an_event_known_from_mentions_is_opened_when_it_is_reported() -> None:
    mention = stored(1, claim(children=27, date="2019-02-10", main=False))
    told = changes(mention, stored(2, claim(children=27, date="2019-02-10")), told=False)
    assert (told[0].change, told[0].quiet) == (Change.OPENED, False)


def test_a_claim_taken_back_leaves_its_reason() -> None:
    before, after = reconcile(1, [FIRST, stored(2, claim(children=33, women=4))]), reconcile(1, [FIRST])
    gone = [one for one in revise(before, after, claim_ids=[], now=NOON, quiet=False, told_before=True)
            if one.slot == "women"]
    assert said(tuple(gone)) == [("revised", "women", 4, None, False)]
    assert gone[0].why == "nobody says so any more"


def test_a_merger_is_told_on_the_event_that_went_away() -> None:
    one = merged(3, 2, now=NOON, quiet=False)
    assert (one.event_id, one.change, one.old, one.new) == (3, Change.MERGED, 3, 2)
