"""The number to quote: by which rule, who says otherwise, disputed or not; whatever the order of the claims."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.reconcile import reconcile
from records.claims import Claim
from records.ledger import Slot, StoredClaim
from records.words import Group, Qualifier, Status
from tests.telling_news import claim, stored


def slot(name: str, *claims: StoredClaim) -> Slot:
    return reconcile(1, claims).slots[name]


def test_a_hedge_that_holds_the_exact_number_is_no_dispute() -> None:
    children = slot("children", stored(1, claim(children=">30")), stored(2, claim(children=33)))
    assert (children.preferred.value, children.rule, children.disputed) == (33, "exact over hedged", False)
    assert [(other.value, other.qualifier) for other in children.others] == [(30, Qualifier.AT_LEAST)]


def test_a_sum_that_no_source_states_says_so_and_children_with_uncounted_mothers_are_no_total() -> None:
    total = slot("total", stored(1, claim(children=14, women=5)))
    assert (total.preferred.value, total.rule) == (19, "added up here, stated by nobody")
    assert slot("total", stored(1, claim(children=14))).rule == "the one group that is counted; nobody states a total"
    assert slot("total", stored(1, claim(children=14, women=5)), stored(2, claim(total=19))).rule == "only value"
    uncounted = stored(1, replace(claim(children=20), uncounted=True))
    assert "total" not in reconcile(1, [uncounted]).slots
    assert Claim.from_json(uncounted.claim.to_json()) == uncounted.claim


def test_two_exact_numbers_are_a_dispute_and_both_are_kept_with_who_says_them() -> None:
    children = slot("children", stored(1, claim(children=33), outlet="Rudaw"), stored(2, claim(children=33)),
                    stored(3, claim(children=32), outlet="TASS"))
    assert (children.preferred.value, children.rule, children.disputed) == (33, "most independent sources", True)
    assert [(other.value, other.outlets) for other in children.others] == [(32, ("TASS",))]


def test_forty_mastheads_of_one_text_are_one_source() -> None:
    copies = [stored(n, claim(children=30), origin=1) for n in range(1, 41)]
    event = reconcile(1, [*copies, stored(50, claim(children=33)), stored(51, claim(children=33))])
    assert event.value("children") == 33
    assert event.slots["children"].others[0].independent == 1
    assert event.independent == 3


def test_of_two_lone_voices_the_official_one_is_quoted_then_the_later() -> None:
    news, ministry = stored(1, claim(children=33)), stored(2, claim(children=32), kind="government")
    assert slot("children", news, ministry).preferred.value == 32
    early = stored(1, claim(children=33), published="2019-07-15")
    late = stored(2, claim(children=32), published="2019-07-16")
    assert slot("children", early, late).preferred.value == 32


def test_those_who_came_are_quoted_not_those_who_were_to_come_and_the_plan_is_no_dispute() -> None:
    plan = stored(1, claim("UZ", children=65, status="planned"), published="2019-09-10")
    flight = stored(2, claim("UZ", children=64), published="2019-10-11")
    event = reconcile(1, [plan, flight])
    assert event.value("status") == "completed"
    assert event.value("children") == 64
    assert not event.slots["children"].disputed
    assert [other.value for other in event.slots["children"].others] == [65]


def test_a_refusal_after_the_plan_holds_and_done_with_a_denial_is_disputed() -> None:
    plan = stored(1, claim(children=20, status="planned"), published="2019-01-01")
    refused = stored(2, claim(children=20, status="refused"), published="2019-02-01")
    done = stored(3, claim(children=20), published="2019-01-20")
    assert slot("status", plan, refused).preferred.value == "refused"
    status = slot("status", plan, replace(refused, claim=claim(children=20, status="denied")), done)
    assert (status.preferred.value, status.disputed) == ("completed", True)


def test_kinds_of_counts_never_mix() -> None:
    event = reconcile(1, [stored(1, claim("AL", children=14, women=5)), stored(2, claim("AL", families=6))])
    assert {str(group): event.value(group) for group in Group if group in event.slots} == {
        "total": 19, "children": 14, "women": 5, "families": 6}
    assert not event.disputed


def test_five_women_alone_are_no_total_where_somebody_counts_everybody() -> None:
    event = reconcile(1, [stored(1, claim("NL", women=5)), stored(2, claim("NL", women=5, children=11))])
    assert (event.value("total"), event.disputed) == (16, False)


def test_a_page_that_contradicts_itself_settles_nothing() -> None:
    spun = [stored(n, claim("FR", total=179, women=60, others={"total": 169})) for n in (1, 2)]
    assert slot("total", *spun, stored(3, claim("FR", total=169))).preferred.value == 169


def test_a_mention_speaks_only_where_no_report_does() -> None:
    mention = stored(2, claim(children=20, women=4, main=False))
    event = reconcile(1, [stored(1, claim(children=33)), mention])
    assert (event.value("children"), event.slots["children"].others, event.value("women")) == (33, (), 4)


def test_a_stated_day_beats_a_month_and_the_day_of_the_report() -> None:
    told = stored(1, claim(children=33, date="2019-07-15", reported=True))
    month = stored(2, claim(children=33, date="2019-07"))
    day = stored(3, claim(children=33, date="2019-07-10"))
    date = slot("event_date", told, month, day)
    assert (date.preferred.value, date.disputed) == ("2019-07-10", False)
    reported = slot("event_date", told, stored(2, claim(children=33, date="2019-07-16", reported=True)))
    assert (reported.preferred.value, reported.preferred.qualifier) == ("2019-07-15", Qualifier.AT_MOST)


def test_neighbouring_days_are_no_dispute_but_a_week_is() -> None:
    first = stored(1, claim("NO", children=5, date="2019-06-03"))
    assert not slot("event_date", first, stored(2, claim("NO", children=5, date="2019-06-02"))).disputed
    assert slot("event_date", first, stored(2, claim("NO", children=5, date="2019-06-10"))).disputed


def test_the_day_a_plan_was_reported_dates_nothing() -> None:
    plan = claim("UZ", children=65, status="planned", date="2019-09-10", reported=True)
    assert "event_date" not in reconcile(1, [stored(1, plan)]).slots
    stated = claim("UZ", children=65, status="planned", date="2019-10-08")
    assert slot("event_date", stored(1, stated), stored(2, claim("UZ", children=64))).preferred.value == "2019-10-08"


def test_one_flight_for_several_states_counts_everybody_and_each_state() -> None:
    kosovo = stored(1, claim("XK", way="SY>XK", total=11, date="2021-07-17"))
    skopje = stored(2, claim("MK", way="SY>MK", children=14, women=5, men=4, date="2021-07-18"))
    event = reconcile(1, [kosovo, skopje])
    assert (event.value("nationality"), event.value("destination_country")) == ("MK,XK", "MK,XK")
    assert (event.value("total"), event.slots["total"].rule) == (34, "the states' parts added up")
    assert (event.value("total:XK"), event.value("children:MK")) == (11, 14)
    assert not event.disputed
    afp = stored(3, claim("MK+XK", way="SY>", total=34, date="2021-07-17"))
    assert reconcile(1, [kosovo, skopje, afp]).slots["total"].rule == "only value"


def test_arithmetic_that_does_not_hold_is_said() -> None:
    said = reconcile(1, [stored(1, claim("IQ", families=833, total=15000))]).warnings
    assert said == ("15,000 people in 833 families are 18.01 a family; convoys have 3.2 to 4.2",)
    assert not reconcile(1, [stored(1, claim("IQ", families=181, total=680))]).warnings
    assert reconcile(1, [stored(1, claim("MV", total=21, children=15, women=4, men=1))]).warnings == (
        "15 children and 4 women and 1 men are 20, not the 21 people in total",)
    assert reconcile(1, [stored(1, claim("KZ", children=14, girls=8, boys=6))]).warnings == ()
    assert reconcile(1, [stored(1, claim("KZ", children=14, girls=8, boys=5))]).warnings == (
        "8 girls and 5 boys are 13, not 14 children",)


def test_a_headline_that_says_another_number_than_its_text_is_said() -> None:
    torn = stored(1, claim("", way="SY>IQ", total=5064, others={"total": 5640}), outlet="Kurdistan24")
    told = reconcile(1, [replace(torn, title="x" * 200)]).warnings
    assert told == ("Kurdistan24: headline 5,640, text 5,064 people",)


NUMBERS = st.integers(1, 60).flatmap(lambda n: st.sampled_from([n, f">{n}", f"~{n}", f"<{n}"]))
CLAIMS = st.builds(
    lambda counts, nation, status, date, main, beside: claim(
        nation, way=f"SY>{nation.split('+')[0]}", status=str(status), date=date, main=main, others=beside, **counts),
    counts=st.dictionaries(st.sampled_from([str(group) for group in Group]), NUMBERS, max_size=4),
    nation=st.sampled_from(["XK", "MK", "MK+XK", ""]), status=st.sampled_from(list(Status)),
    date=st.sampled_from([None, "2021-07-17", "2021-07-18", "2021-07", "2021"]), main=st.booleans(),
    beside=st.dictionaries(st.sampled_from(["total", "children"]), NUMBERS, max_size=1))
MANY = st.lists(st.tuples(CLAIMS, st.integers(1, 4), st.sampled_from([None, "2021-07-18", "2021-07-20"]),
                          st.sampled_from(["news", "wire", "government"])), min_size=1, max_size=7)


@settings(deadline=None, max_examples=200)
@given(MANY, st.randoms(use_true_random=False))
def test_the_order_of_claims_changes_nothing(said: list[tuple[Claim, int, str | None, str]], draw: Random) -> None:
    held = [stored(n, one, origin=min(origin, n), published=published, kind=kind)
            for n, (one, origin, published, kind) in enumerate(said, 1)]
    shuffled = list(held)
    draw.shuffle(shuffled)
    event = reconcile(1, held)
    assert reconcile(1, shuffled) == event
    for slot_ in event.slots.values():
        told = (slot_.preferred, *slot_.others)
        assert len({(value.value, value.qualifier) for value in told}) == len(told)
        assert all(set(value.claim_ids) <= {one.id for one in held} and value.claim_ids for value in told)


@settings(deadline=None, max_examples=100)
@given(MANY, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_no_value_either(said: list[tuple[Claim, int, str | None, str]],
                                                      draw: Random) -> None:
    def settle(arrivals: list[tuple[Claim, int, str | None, str]]) -> dict[str, object]:
        event = reconcile(1, [stored(n, one, outlet=f"House {kind}", published=published, kind=kind)
                              for n, (one, _, published, kind) in enumerate(arrivals, 1)])
        return {name: slot_.preferred.value for name, slot_ in event.slots.items()}
    shuffled = list(said)
    draw.shuffle(shuffled)
    assert settle(shuffled) == settle(said)


def test_refused_and_denied_on_one_day_is_denied_whoever_was_filed_first() -> None:
    refused, denied = claim(children=20, status="refused"), claim(children=20, status="denied")
    for pair in ((refused, denied), (denied, refused)):
        assert slot("status", *(stored(n, said) for n, said in enumerate(pair, 1))).preferred.value == "denied"


def test_a_correction_silences_no_outlet_that_said_the_same() -> None:
    corrected = replace(stored(1, claim(children=33, date="2019-07-15")), review="correct")
    same, other = (stored(n, claim(children=value, date="2019-07-15")) for n, value in ((2, 33), (3, 30)))
    slot = reconcile(1, [corrected, same, other]).slots["children"]
    assert (slot.preferred.value, slot.preferred.outlets) == (33, ("Outlet 1", "Outlet 2"))
    assert [(one.value, one.outlets) for one in slot.others] == [(30, ("Outlet 3",))]
