"""A day without news tells how the collecting went; news goes through the real desk to the real mailbox."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from desk import file, read
from records.news import Article
from scheduler.telling import preview, tell
from storage import Store
from tests.post import Mailbox, smtp_server
from tests.telling_store import NOON, OPENED, Sender, config, ledger, visited


def test_proof_of_life_counts_what_was_asked_and_names_who_fails_or_is_silent(tmp_path: Path) -> None:
    def hours(number: float) -> datetime:
        return NOON - timedelta(hours=number)
    with Store.open(tmp_path / "h.db") as store:
        habit = [(3, hours(72 + 2 * n), "new", 5, 1) for n in range(6)]
        visited(store, (1, hours(30), "new", 9, 9), (1, hours(3), "new", 10, 2), (1, hours(1), "nothing_new", 10, 0),
                (2, hours(29), "new", 4, 4), (2, hours(2), "http_error", 0, 0), *habit,
                (3, hours(1), "nothing_new", 5, 0))
        with store.write():
            for rule in ("off-topic", "off-topic", "http-404"):
                store.add("drops", {"at": hours(2).isoformat(timespec="microseconds"), "stage": "entry", "rule": rule,
                                    "why": "x"})
        found = store.health(hours(24), NOON)
    assert (found.endpoints, found.asked, found.answered) == (3, 3, 2)
    assert (found.entries_seen, found.entries_new, found.articles_new) == (25, 2, 0)
    assert found.drops == {"off-topic": 2, "http-404": 1}
    assert found.failing == (("Two", "https://Two.example/feed answered 500"),)
    assert found.silent == ("Three",)
    assert (found.oldest_success, found.last_success) == (hours(29), hours(1))


def test_a_first_digest_waits_for_the_first_round_but_not_for_ever(tmp_path: Path) -> None:
    with ledger(tmp_path / "h.db", [OPENED]) as store:
        with store.write():
            store.execute("insert into sources (id, name, kind) values ('a', 'A', 'news')")
            store.add("endpoints", {"source_id": "a", "url": "https://a.example", "asked_url": "https://a.example",
                                    "host": "a.example", "kind": "feed", "interval": 9.0,
                                    "min_interval": 3.0, "max_interval": 21.0, "next_due": ""})
        sender = Sender()
        for minutes in (0, 5, 9, 10, 11):
            tell(store, config(), NOON + timedelta(minutes=minutes), sender)
            assert len(sender.sent) == (minutes >= 10)


def test_a_quiet_day_is_kept_from_who_does_not_want_it_but_not_a_dead_one(tmp_path: Path) -> None:
    sender = Sender()
    with ledger(tmp_path / "h.db") as store:
        visited(store, (1, NOON - timedelta(hours=1), "nothing_new", 3, 0))
        tell(store, config(quiet_days=False), NOON, sender)
        assert sender.sent == []
        tell(store, config(quiet_days=False), NOON + timedelta(days=1), sender)
    ((message, _),) = sender.sent
    assert message.subject == "Collecting failed: 0 of 1 endpoint answered"


def test_a_preview_queues_nothing(tmp_path: Path) -> None:
    with ledger(tmp_path / "h.db", [OPENED]) as store:
        found = preview(store, config().subscriptions[0], NOON - timedelta(days=1), NOON)
        assert [one.id for one in found.opened] == [1]
        assert store.deliveries() == []
        assert store.cursor("returns") is None


def told_of(store: Store, box: Mailbox, moment: datetime, *articles: tuple[str, str, str, str]) -> list[str]:
    """File articles (outlet, day, title, text) through the real desk, tell, and return the new mails' subjects."""
    for outlet, published, title, text in articles:
        article = Article(url=f"https://{outlet.replace(' ', '').lower()}.example/{published}", source_id=None,
                          outlet=outlet, title=title, text=text, lang="en", published=published, fetched_at=moment)
        file(store, article, read(article), source=None, now=moment)
    before = len(box.letters)
    tell(store, config(box.port), moment + timedelta(minutes=1))
    return [mail["Subject"] for mail in box.read()[before:]]


def test_news_through_the_real_desk_is_told_as_new_then_as_disputed_then_not_again(tmp_path: Path) -> None:
    first = ("Press TV", "2019-07-15", "33 children of Russian Daesh militants return home from Iraq", """
The Iraqi Foreign Ministry's spokesman, Ahmad al-Sahhaf, announced on Monday that 33 Russian children had been
repatriated from Baghdad to Russia.""")
    second = ("Rudaw", "2019-07-16", "Iraq sends 32 Russian children home", """
Iraq repatriated 32 Russian children from Baghdad to Russia on Monday, the children's rights commissioner Anna
Kuznetsova told reporters on July 16.""")
    third = ("Daily Star", "2019-07-17", "Russian children flown home", """
Russia brought home 33 Russian children from Baghdad on Monday July 15, officials said.""")
    with smtp_server() as box, Store.open(tmp_path / "h.db") as store:
        assert told_of(store, box, NOON, first) == ["33 children home to Russia"]
        (subject,) = told_of(store, box, NOON + timedelta(days=1), second)
        assert "33" in subject
        assert "32" in subject
        (subject,) = told_of(store, box, NOON + timedelta(days=2), third)
        assert "33 children" not in subject
        text = box.read()[1].get_body(("plain",))
        assert text is not None
        assert "Iraq repatriated 32 Russian children from Baghdad" in text.get_content()
        assert "https://rudaw.example/2019-07-16" in text.get_content()
        assert box.read()[1]["In-Reply-To"] == box.read()[0]["Message-ID"]
