"""Which event a claim joins: what identifies a movement decides, over outlets, languages and the order of arrival."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from ledger.grouping import join
from ledger.grouping import settle as settled
from ledger.identity import is_identifiable
from ledger.keys import asked_keys, kept_keys
from records.claims import Claim
from records.ledger import StoredClaim
from tests.telling_news import claim, event, stored


def joins(new: Claim, *old: Claim, published: str | None = None, told: str | None = None) -> bool:
    """Whether the claim joins the event of the others; each is its own article's, published on the given days."""
    known = event(1, *(stored(n, one, published=told) for n, one in enumerate(old, 1)))
    arrived = stored(99, new, published=published)
    if not asked_keys(arrived) & kept_keys(known.claims):
        return False
    return join(arrived, [known]).event_id == 1


def together(*claims: Claim) -> bool:
    """Whether they make one event, in every order in which they may arrive."""
    return all(len(settle([stored(n, one) for n, one in enumerate(order, 1)])) == 1
               for order in permutations(claims))


def settle(arrivals: list[StoredClaim]) -> list[set[int]]:
    """Article after article as the desk does it, without a store: which claims are together."""
    at: dict[int, int] = {}
    claims = {one.id: one for one in arrivals}
    for article in dict.fromkeys(one.article_id for one in arrivals):
        new = [one for one in arrivals if one.article_id == article]
        asked = {key for one in new for key in asked_keys(one)}
        near = [event(number, *(claims[one] for one, where in at.items() if where == number))
                for number in set(at.values())]
        for place in settled(new, [one for one in near if asked & kept_keys(one.claims)]):
            number = place.number if place.number is None or place.number > 0 else 1000 * article - place.number
            at |= {place.stored.id: number} if number else {}
    return [{one for one in at if at[one] == number} for number in dict.fromkeys(at.values())]


def convoy_of(**said: Any) -> Claim:
    return claim("IQ", way="SY>IQ", kind="transfer", **said)


SEED = claim(children=33, date="2019-07-15", reported=True)


def test_exact_and_hedged_and_slightly_other_numbers_of_one_week_are_one_event() -> None:
    assert joins(claim(children=32, date="2019-07-15", reported=True), SEED)
    assert joins(claim(children=">30", date="2019-07-15", reported=True), SEED)
    assert joins(claim(children=33, date="2019-07-10"), SEED)
    assert together(SEED, claim(children=32, date="2019-07-10"),
                    claim(children=">30", date="2019-07-16", reported=True))


def test_27_in_february_and_30_in_december_are_two_events_and_neither_is_the_33_of_july() -> None:
    assert not joins(claim(children=27, date="2019-02-10"), claim(children=30, date="2018-12-30"))
    assert not joins(claim(children=27, date="2019-02-10"), SEED)
    assert not joins(claim(children=30, date="2018-12-30"), SEED)


def test_the_three_movements_of_one_article_stay_three() -> None:
    arrivals = [stored(1, SEED, article=1), stored(2, claim(children=27, date="2019-02-10", main=False), article=1),
                stored(3, claim(children=30, date="2018-12-30", main=False), article=1)]
    assert settle(arrivals) == [{1}, {2}, {3}]


@pytest.mark.parametrize("lang", ["ar", "ru", "fr"])
def test_the_language_of_a_report_makes_no_difference(lang: str) -> None:
    new = stored(2, claim(children=33, date="2019-07-10"), lang=lang)
    assert join(new, [event(1, stored(1, SEED))]).event_id == 1


def test_19_people_and_14_children_with_5_women_are_the_same_people() -> None:
    assert joins(claim("AL", way="SY>AL", children=14, women=5), claim("AL", way="SY>AL", total=19, date="2021-08-01"))


def test_the_ordinal_is_the_key_of_a_convoy() -> None:
    thirtieth = convoy_of(ordinal=30, families=249, total=840, date="2025-09-01")
    assert joins(convoy_of(ordinal=30, families=250, date="2025-09-03"), thirtieth)
    assert not joins(convoy_of(ordinal=31, families=249, total=840, date="2025-09-01"), thirtieth)
    assert joins(convoy_of(total=850, date="2025-09-02"), thirtieth)


def test_a_reason_is_given_for_joining_and_for_staying_apart() -> None:
    known = [event(4, stored(1, claim("IQ", way="SY>IQ", ordinal=30, families=249)))]
    assert join(stored(2, claim("IQ", way="SY>IQ", ordinal=30)), known).why == "number 30 in both"
    assert "not event 4: that is number 30, this number 31" in join(
        stored(2, claim("IQ", way="SY>IQ", ordinal=31)), known).why


def test_an_operation_is_known_by_its_name_in_any_spelling() -> None:
    plan = claim("UZ", way="IQ>UZ", children=65, status="planned", operation="Mehr-2", date="2019-09-10", reported=True)
    assert together(plan, claim("UZ", way="IQ>UZ", children=64, operation="«Mehr 2»", date="2019-10-10"))


def test_a_plan_and_its_execution_are_one_event_unless_the_numbers_differ_by_more_than_a_fifth() -> None:
    plan = claim("AT", way="SY>AT", children=30, status="planned", date="2019-08-20", reported=True)
    assert joins(claim("AT", way="SY>AT", children=28, date="2019-10-02"), plan)
    assert joins(plan, claim("AT", way="SY>AT", children=28, date="2019-10-02"))
    assert not joins(claim("AT", way="SY>AT", children=14, date="2019-10-02"), plan)
    assert not joins(claim("AT", way="SY>AT", children=30, date="2020-06-02"), plan)


def test_the_opposite_direction_another_origin_or_another_nationality_is_another_event() -> None:
    flight = claim("RU", way="IQ>RU", children=33, date="2019-07-15")
    assert not joins(claim("RU", way="SY>RU", children=30, date="2019-07-15"), flight)
    assert not joins(claim("RU", way="IQ>KZ", children=33, date="2019-07-15"), flight)
    assert not joins(claim("KZ", way="IQ>KZ", children=33, date="2019-07-15"), flight)
    into = claim("", way="SY>IQ", kind="transfer", total=450, date="2026-01-25")
    assert not joins(claim("", way="IQ>SY", kind="transfer", total=450, date="2026-01-25"), into)


def test_a_report_that_misnames_the_country_of_origin_still_counts_the_same_people() -> None:
    flight = claim("UZ", way="SY>UZ", total=156, date="2019-05-30")
    assert joins(claim("UZ", way="IQ>UZ", total=156, date="2019-05-30"), flight)


def test_on_one_day_even_numbers_a_third_apart_are_one_disputed_event() -> None:
    early = claim("CA", way="SY>CA", total=19, date="2023-04-06")
    assert joins(claim("CA", way="SY>CA", total=14, date="2023-04-06"), early)
    assert not joins(claim("CA", way="SY>CA", total=6, date="2023-04-06"), early)


def test_a_round_number_without_date_proves_nothing() -> None:
    assert not joins(convoy_of(families=150), convoy_of(families=150, date="2022-12-30"))
    assert joins(convoy_of(families=153, total=505), convoy_of(families=153, total=505, date="2025-02-01"))


def test_a_report_without_number_joins_the_one_event_it_can_mean_but_no_convoy() -> None:
    assert joins(claim("GB", way="SY>GB", date="2019-11-22", reported=True),
                 claim("GB", way="SY>GB", children=3, date="2019-11-21"))
    assert not joins(claim("IQ", way="SY>IQ", kind="transfer", date="2025-03-20", reported=True),
                     claim("IQ", way="SY>IQ", kind="transfer", families=161, date="2025-03-15"))


def test_a_detainee_transfer_without_nationality_is_told_by_its_way_and_day() -> None:
    into = claim("", way="SY>IQ", kind="transfer", total=150, date="2026-01-21")
    assert joins(claim("IQ", way="SY>IQ", kind="handover", total=150, date="2026-01-21"), into)
    assert joins(claim("", way="SY>IQ", kind="transfer", total=144, date="2026-01-21"), into)


def test_persons_in_families_exclude_what_does_not_fit() -> None:
    convoy = convoy_of(total=680, date="2025-03-29")
    assert joins(convoy_of(families=181, date="2025-03-29"), convoy)
    assert not joins(convoy_of(families=833, date="2025-03-29"), convoy)


def test_one_flight_for_several_states_is_one_event_whichever_state_is_told_first() -> None:
    both = stored(3, claim("MK+XK", way="SY>", total=34, date="2021-07-17"), article=3)
    parts = [stored(4, claim("XK", way="SY>XK", total=11, date="2021-07-17", main=False), article=3),
             stored(5, claim("MK", way="SY>MK", total=23, date="2021-07-17", main=False), article=3)]
    kosovo = stored(1, claim("XK", way="SY>XK", total=11, date="2021-07-17"))
    skopje = stored(2, claim("MK", way="SY>MK", total=23, date="2021-07-18"))
    for order in ([kosovo, skopje, both, *parts], [both, *parts, kosovo, skopje], [skopje, both, *parts, kosovo]):
        assert settle(order) == [{1, 2, 3, 4, 5}]


def test_a_report_with_the_numbers_of_two_events_shows_them_to_be_one_in_any_order() -> None:
    few, all_ = claim(children=5, date="2021-08-01", reported=True), claim(total=20, date="2021-08-03", reported=True)
    assert not joins(all_, few)
    assert together(few, all_, claim(total=20, children=5, date="2021-08-02", reported=True))


def test_events_that_one_article_tells_apart_are_not_merged_by_another() -> None:
    apart = [stored(1, claim(children=5, date="2021-08-01", reported=True), article=1),
             stored(2, claim(total=20, date="2021-08-03", reported=True, main=False), article=1)]
    both = stored(3, claim(total=20, children=5, date="2021-08-02", reported=True))
    assert len(settle([*apart, both])) == 2


def test_a_stated_day_joins_no_event_whose_stated_day_is_months_away_whatever_was_reported_between() -> None:
    october = [claim("FR", women=15, children=40, date="2022-10-20"),
               claim("FR", women=15, children=40, date="2022-10-20", reported=True)]
    assert not joins(claim("FR", women=15, children=32, date="2023-01-24"), *october, claim("FR", women=15))


def test_a_few_people_months_after_an_announcement_are_not_a_part_of_the_announced() -> None:
    plan = claim("DE", way="TR>DE", total=7, date="2019-11", status="planned", reported=True)
    assert not joins(claim("DE", way="TR>DE", women=3, date="2020-02-07", reported=True), plan)


def test_a_mention_that_says_too_little_opens_no_event() -> None:
    assert not is_identifiable(claim("FR", way="SY>FR", main=False, date="2021"))
    assert is_identifiable(claim("FR", way="SY>FR", main=False, children=7))
    assert is_identifiable(claim("FR", way="SY>FR"))


def test_an_odd_date_is_no_date() -> None:
    for odd in ("0001-01-01", "9999-12-31"):
        assert joins(claim(children=33, date=odd), claim(children=33, date="2019-07-15"))
