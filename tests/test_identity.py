"""Entries that come back under another name: which are the old ones, and when a whole feed is a storm of them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from crawler import identity
from crawler.identity import PastEntry
from extraction.addresses import canonical
from records.news import Entry


def entry(n: int, *, key: str = "new", **more: object) -> Entry:
    made = Entry(key=f"{key}{n}", url=f"https://a.example/{n}", title=f"Title {n}", summary=f"Summary {n}")
    return replace(made, **more)  # type: ignore[arg-type]  # fields by name


def past(n: int, **more: object) -> PastEntry:
    made = PastEntry(key=f"old{n}", url=f"https://a.example/{n}", title=f"Title {n}", summary=f"Summary {n}")
    return replace(made, **more)  # type: ignore[arg-type]


def test_an_entry_under_another_guid_is_known_by_its_address() -> None:
    seen = [entry(n) for n in range(3)]
    assert identity.by_address(seen, seen, [past(0), past(1)]).pairs == {"new0": "old0", "new1": "old1"}


def test_an_address_that_several_share_says_nothing() -> None:
    home = "https://a.example/"
    seen = [entry(0, url=home), entry(1, url=home), entry(2)]
    assert identity.by_address(seen, seen, [past(0, url=home), past(2)]).pairs == {"new2": "old2"}
    assert identity.by_address([entry(3, url=home)], [entry(3, url=home)], [past(0, url=home), past(1, url=home)]
                               ).pairs == {}
    assert identity.by_address([entry(0)], [entry(0)], [past(0, url=None)]).pairs == {}


def test_an_old_entry_that_the_feed_still_shows_under_its_old_name_is_not_taken() -> None:
    seen = [entry(0), entry(5, key="old", url="https://a.example/0")]
    assert identity.by_address(seen[:1], seen, [past(5, url="https://a.example/0")]).pairs == {}


def test_a_feed_that_was_renumbered_is_a_storm() -> None:
    seen = [entry(n) for n in range(10)]
    storm = identity.in_bulk(seen, seen, [past(n) for n in range(9)], canonical)
    assert storm.storm
    assert storm.pairs == {f"new{n}": f"old{n}" for n in range(9)}


def test_a_site_that_moved_with_its_whole_archive_is_known_by_its_texts() -> None:
    seen = [entry(n, url=f"https://moved.example/2019/{n}") for n in range(10)]
    assert identity.in_bulk(seen, seen, [past(n) for n in range(10)], canonical).storm
    varied = [entry(n, url=f"http://www.a.example/{n}/?utm_source=rss", title=f"Now {n}") for n in range(10)]
    assert identity.in_bulk(varied, varied, [past(n, url=f"https://www.a.example/{n}") for n in range(10)],
                            canonical).storm == (canonical(varied[0].url or "") == canonical("https://www.a.example/0"))


def test_a_busy_hour_is_no_storm() -> None:
    seen = [entry(n) for n in range(10)]
    assert not identity.in_bulk(seen, seen, [past(n) for n in range(8)], canonical).storm, "80 % and not more"
    assert not identity.in_bulk(seen[:5], seen, [past(n) for n in range(10)], canonical).storm, "half and not more"
    assert not identity.in_bulk(seen[:3], seen[:3], [past(n) for n in range(3)], canonical).storm, "three prove nothing"
    assert not identity.in_bulk(seen, seen, [], canonical).storm


entries = st.lists(st.builds(
    lambda key, url, title: Entry(key=key, url=url and f"https://a.example/{url}", title=title, summary=None),
    st.text("abc", min_size=1, max_size=3), st.one_of(st.none(), st.text("xy", min_size=1, max_size=2)),
    st.one_of(st.none(), st.sampled_from(["t", "u"]))), max_size=12, unique_by=lambda one: one.key)


@given(seen=entries, before=entries)
def test_no_old_entry_is_given_two_new_names_and_no_name_in_use_is_taken(seen: list[Entry],
                                                                         before: list[Entry]) -> None:
    olds = [PastEntry(key=one.key, url=one.url, title=one.title, summary=one.summary) for one in before]
    known = {one.key for one in before}
    unknown = [one for one in seen if one.key not in known]
    for found in (identity.by_address(unknown, seen, olds), identity.in_bulk(unknown, seen, olds, canonical)):
        assert set(found.pairs) <= {one.key for one in unknown}
        assert set(found.pairs.values()) <= known - {one.key for one in seen}
        assert len(set(found.pairs.values())) == len(found.pairs)
