"""Real cases of this news, as the field's own trackers tell and dispute them, through a real file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import desk
from records.claims import Claim
from records.ledger import Event
from records.news import Source
from storage import Store
from tests.telling_news import NOON, article, claim, reading


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "h.db") as opened:
        yield opened


def tell(store: Store, *reports: Claim, kind: str = "news", **more: Any) -> None:
    """One article per claim, each of another outlet and in other words."""
    for said in reports:
        n = store.rows("select count(*) as n from articles")[0]["n"] + 1
        read = reading(said, text=" ".join(f"w{n}x{word}" for word in range(80)), held=more.get("held"))
        desk.file(store, article(read, n, title="t" * 90), read, now=NOON + timedelta(days=n),
                  source=Source(id=f"s{n}", name=f"Outlet {n}", kind=kind))


def events(store: Store) -> list[Event]:
    return sorted(store.events(), key=lambda event: event.id or 0)


def test_russia_30_in_december_and_27_in_february_are_two_events_and_the_stock_is_neither(store: Store) -> None:
    tell(store, claim("RU", children=30, date="2018-12-30"), claim("RU", children=30, date="2018-12"))
    tell(store, claim("RU", children=27, date="2019-02-10"), held=115)
    assert [(event.value("children"), event.value("event_date")) for event in events(store)] == [
        (30, "2018-12-30"), (27, "2019-02-10")]
    assert [figure.value for figure in store.figures()] == [115]


def test_tajikistan_plans_75_and_nothing_says_they_came(store: Store) -> None:
    tell(store, claim("TJ", way="IQ>TJ", children=75, status="planned", date="2019-02-12", reported=True))
    (event,) = events(store)
    assert (event.value("status"), event.value("children"), event.value("event_date")) == ("planned", 75, None)


def test_uzbekistan_mehr_2_was_planned_with_65_children_and_flew_with_64(store: Store) -> None:
    tell(store, claim("UZ", way="IQ>UZ", children=65, status="planned", operation="Mehr-2", date="2019-09-20",
                      reported=True),
         claim("UZ", way="IQ>UZ", children=64, operation="Mehr-2", date="2019-10-10"))
    (event,) = events(store)
    assert (event.value("status"), event.value("children"), event.disputed) == ("completed", 64, False)
    changes = [(one.slot, one.old, one.new) for one in store.revisions() if one.slot]
    assert ("status", "planned", "completed") in changes
    assert ("children", 65, 64) in changes


def test_kazakhstan_rusafa_the_earlier_14_is_the_plan_and_the_sexes_add_up(store: Store) -> None:
    tell(store, claim("KZ", way="IQ>KZ", children=14, status="planned", date="2019-10-30", reported=True),
         claim("KZ", way="IQ>KZ", children=14, girls=8, boys=6, operation="Rusafa", date="2019-11-27"))
    (event,) = events(store)
    assert (event.value("children"), event.value("girls"), event.value("boys"), event.warnings) == (14, 8, 6, ())


def test_azerbaijan_82_and_kyrgyzstan_meerim_79_are_one_event_each_however_often_told(store: Store) -> None:
    tell(store, claim("AZ", way="IQ>AZ", total=82, date="2020-03-04"),
         claim("KG", way="IQ>KG", children=79, date="2021-03-16"),
         claim("AZ", way="IQ>AZ", children=82, date="2020-03"),
         claim("KG", way="IQ>KG", children=79, operation="Meerim", date="2021-03"))
    assert [(event.value("nationality"), event.independent) for event in events(store)] == [("AZ", 2), ("KG", 2)]


def test_detainees_into_iraq_the_ministry_is_quoted_the_torn_headline_flagged(store: Store) -> None:
    into: dict[str, Any] = {"way": "SY>IQ", "kind": "transfer", "date": "2026-02-12"}
    tell(store, claim("", total=5704, **into))
    tell(store, claim("", total=5703, **into), kind="government")
    tell(store, claim("", total=5064, others={"total": 5640}, **into))
    (event,) = events(store)
    total = event.slots["total"]
    assert (total.preferred.value, total.disputed) == (5703, True)
    assert {other.value for other in total.others} == {5704, 5064, 5640}
    assert event.warnings == ("Outlet 3: headline 5,640, text 5,064 people",)
    tell(store, claim("", total=150, **into | {"date": "2026-01-21"}))
    assert [event.value("total") for event in events(store)] == [5703, 150]


def test_turkey_agreed_on_more_than_180_and_nothing_says_they_came(store: Store) -> None:
    tell(store, claim("TR", way="SY>TR", total=">180", status="agreed", date="2026-02-23", reported=True))
    (event,) = events(store)
    assert (event.value("status"), event.slots["total"].preferred.qualifier) == ("agreed", "at_least")


def test_iraq_repatriated_450_is_a_transfer_into_iraq_and_joins_no_return_to_syria(store: Store) -> None:
    tell(store, claim("", way="SY>IQ", kind="transfer", total=450, date="2026-01-25"),
         claim("SY", way="IQ>SY", kind="return", total=450, date="2026-01-25"))
    assert [event.value("destination_country") for event in events(store)] == ["IQ", "SY"]


def test_three_totals_of_one_year_are_disputed_and_all_kept(store: Store) -> None:
    tell(store, *(claim("", way="SY>", kind="handover", total=n, date="2021-12-31", operation="2021 handovers")
                  for n in (324, 331, 358)))
    (event,) = events(store)
    assert event.disputed
    total = event.slots["total"]
    assert {total.preferred.value, *(other.value for other in total.others)} == {324, 331, 358}


def test_iraqi_convoys_are_told_apart_by_their_ordinal_and_their_families_are_checked(store: Store) -> None:
    convoys = ((24, 181, 680, "2025-03-29"), (28, 236, 935, "2025-06-22"), (30, 249, 840, "2025-09-14"),
               (31, 240, 858, "2025-09-28"))
    for ordinal, families, total, date in convoys:
        tell(store, claim("IQ", way="SY>IQ", ordinal=ordinal, families=families, total=total, date=date),
             claim("IQ", way="SY>IQ", ordinal=ordinal, date=date))
    tell(store, claim("IQ", way="SY>IQ", ordinal=31, total="~850"))
    found = events(store)
    assert [event.value("ordinal") for event in found] == [24, 28, 30, 31]
    assert [event.value("total") for event in found] == [680, 935, 840, 858]
    assert not any(event.warnings or event.disputed for event in found)


def test_a_spun_page_that_contradicts_itself_has_no_weight_beside_a_sound_one(store: Store) -> None:
    spun = claim("FR", way="SY>FR", total=179, women=60, others={"total": 169}, date="2025-09-16")
    tell(store, spun, spun, claim("FR", way="SY>FR", total=169, date="2025-09-16"))
    (event,) = events(store)
    assert event.slots["total"].preferred.value == 169
    assert event.slots["total"].rule == "a page that contradicts itself settles nothing"
