"""The reading of claims: the project's cases, the seed where it is at hand, the floors, and hostile input."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.claims import look, read_claims
from records.claims import Reading
from records.news import Article
from records.words import Group
from tests.quality import article_of, below, reports

HOUSE = Path(__file__).parent.parent
CASES = sorted((HOUSE / "tests" / "quality" / "cases").iterdir())
SEED = Path(os.environ.get("HOMEWARD_SEED", HOUSE.parent / "shared" / "seed" / "press-tv-33-children.txt"))


def article(text: str, *, title: str | None = None, lang: str | None = "en", published: str | None = None) -> Article:
    return Article(url=None, source_id=None, outlet=None, title=title, text=text, lang=lang, published=published)


def pairs(counts: dict[str, Any]) -> dict[str, list[Any]]:
    return {group: [count["value"], count["qualifier"]] for group, count in counts.items()}


def check(reading: Reading, expected: dict[str, Any]) -> None:
    """Every field that is expected, and no claim, figure or official beyond."""
    found = reading.to_json()
    assert len(found["claims"]) == len(expected["claims"])
    for claim, wanted in zip(found["claims"], expected["claims"], strict=True):
        for field, value in wanted.items():
            have = claim[field]
            if field == "counts":
                have = pairs(have)
            elif field == "other_values":
                have = [[other["count"], other["value"], other["qualifier"]] for other in have]
            assert have == value, (field, have, value)
    assert sorted([f["what"], f["value"], f["qualifier"]] for f in found["figures"]) == sorted(expected["figures"])
    assert [official["name"] for official in found["officials"]] == expected["officials"]


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_case(folder: Path) -> None:
    row = json.loads((folder / "article.json").read_text("utf-8"))
    check(read_claims(article_of(row)), json.loads((folder / "expected.json").read_text("utf-8")))


@pytest.mark.skipif(not SEED.is_file(), reason="the seed is not part of the repository; HOMEWARD_SEED names its file")
@pytest.mark.parametrize("cleaned", [False, True])
def test_the_seed_is_read_like_its_rewording(cleaned: bool) -> None:
    raw, title = SEED.read_text("utf-8"), None
    if cleaned:
        title, raw = (
            "33 children of Russian Daesh militants return home from Iraq",
            raw[raw.index("The Iraqi Foreign") :],
        )
    expected = json.loads((HOUSE / "tests/quality/cases/three-returns/expected.json").read_text("utf-8"))
    check(read_claims(article(raw, title=title, published="2019-07-15")), expected)


def test_no_measure_is_below_its_floor() -> None:
    assert below(reports()) == []


HOSTILE = st.one_of(
    st.text(),
    st.text(alphabet="0123456789 .,٠١٢٣\u200b\u200f\u202eабвАБВ\n\x00()\"“”'-–—ISisDaesh"),
    st.lists(
        st.sampled_from(
            [
                "27 children",
                "ISIS",
                "repatriated",
                "from Iraq",
                "on Monday,",
                "two",
                "hundred",
                "and",
                "to",
                "said",
                "Minister",
                "Omar Said",
                "al-Hol",
                "2019",
                "3.10.17",
                "women",
                "،",
                ".",
                "\n",
                "5 bin",
                "12,",
                "in",
                "May",
                "1,000,000",
            ]
        )
    ).map(" ".join),
)


@settings(max_examples=60, deadline=None)
@given(
    text=HOSTILE,
    title=st.none() | HOSTILE,
    lang=st.sampled_from(["en", "ar", "ru", "fr", "de", "tr", "fa", "und", "xx", "zh-Hant", ""]),
    published=st.none() | st.text(),
)
def test_no_text_raises_and_every_quote_stands(text: str, title: str | None, lang: str, published: str | None) -> None:
    reading = read_claims(article(text, title=title, lang=lang, published=published))
    for evidence in reading.all_evidence():
        assert reading.text[evidence.start : evidence.end] == evidence.quote
    look(title, text, lang or None)


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize(
    "piece",
    [
        "و",
        "مئة و",
        "al ",
        "to ",
        "7",
        "27 children ",
        "( ",
        "ISIS repatriated 27 children from Iraq, ",
        "two hundred and ",
        "Aa-",
        "a\u0301",
        "\u202e\u200f",
        "May 5 ",
        "(AFP photo)\n",
        "John Smith, the minister, said ",
        "،و ",
        ". ",
        "On Monday 3 women, who were held in Iraq, ",
        "denied that two boys and a girl ",
        "33",
        "Abdullah Muhammad ",
        '"“«',
        "((",
        "\n",
        "3\u200b",
        "33 детей أطفال children 子供 ",
        "12 Russian children were brought home from Syria and ",
    ],
)
def test_the_time_is_linear_in_the_length(piece: str, lang: str) -> None:
    """100 kB of the same piece takes no more than a moment; a quadratic step would take minutes."""
    start = time.process_time()
    read_claims(article(piece * (100_000 // len(piece)), title="ISIS داعش children from Syria", lang=lang))
    assert time.process_time() - start < 4


def test_a_megabyte_takes_no_longer_than_what_is_read_of_it() -> None:
    text = "On Monday 3 women, who were held in Iraq, came home with 27 children, officials of ISIS camps said. "
    start = time.process_time()
    read_claims(article(text * (1_000_000 // len(text)), title="ISIS children from Syria"))
    assert time.process_time() - start < 6


def test_ten_megabytes_of_digits_say_nothing() -> None:
    reading = read_claims(article("9" * 10_000_000, title="ISIS"))
    assert reading.claims == ()


def test_a_number_that_is_vague_an_age_or_a_sentence_says_nothing() -> None:
    text = (
        "Dozens of children of Islamic State fighters came home from Syria on Monday, officials said. Hundreds remain. "
        "The youngest was three years old, and a 34-year-old was sentenced to 20 years in prison."
    )
    reading = read_claims(article(text, title="Children of ISIS return from Syria", published="2021-03-02"))
    assert reading.figures == ()
    assert all(not claim.counts for claim in reading.claims)


@pytest.mark.parametrize(
    ("title", "relevant"),
    [
        ("Kazakhstan brings home 12 women from al-Hol", True),
        ("France repatriates 35 children from Syria camps", True),
        ("Iraqi migrants stranded in Belarus return", False),
        ("Looted antiquities go back to Iraq", False),
        ("Yazidi survivors rescued from ISIS reunited with families", False),
        ("Football: Iraq beat Qatar", False),
        ("Russia returns orphans from Iraqi prisons", True),
    ],
)
def test_a_first_look_keeps_what_may_matter(title: str, relevant: bool) -> None:
    assert look(title, None, "en").relevant is relevant


def test_a_feed_that_declares_the_wrong_language_loses_nothing() -> None:
    """WordPress says "en-US" wherever nobody told it otherwise."""
    for title in ("عودة 27 طفلا من مخيم الهول إلى روسيا", "Из лагеря Аль-Холь вывезли 26 детей",
                  "Kinder aus dem Lager al-Hol nach Deutschland zurückgeholt"):
        assert look(title, None, "en-US").relevant
        assert look(title, None).relevant
    assert not look("Der Haushalt des Landkreises steht", "Der Kreistag beriet über Schulen.", "en-US").relevant


def test_a_numbered_mission_names_the_movement() -> None:
    text = (
        "Uzbekistan brought home 24 women and 69 children from al-Hol in operation Mehr-5 on April 30, officials said."
    )
    reading = read_claims(article(text, title="Uzbekistan repatriates 93 from Syria", published="2021-05-01"))
    assert reading.main is not None
    assert reading.main.operation == "Mehr-5"
    assert reading.main.counts[Group.TOTAL].value == 93


@pytest.mark.parametrize(
    ("text", "status", "counts"),
    [
        ("The ministry denied reports that 12 women had been brought home from al-Hol.", "denied", {"women": 12}),
        ("Nine children who were to be repatriated from Roj were turned back on Tuesday.", "refused", {"children": 9}),
        ("Six children whose mothers are in prison were flown home from Iraq by Russia.", "completed", {"children": 6}),
        ("The plane that landed in Baku from Iraq carried 33 and not 32 children.", None, {"children": 33}),
        ("France repatriated five mothers plus a grandmother from Roj.", "completed", {"women": 6}),
        ("Germany took back 37 children, 20 boys and 17 girls, from al-Hol.", "completed", {"children": 37}),
        (
            "A third group of families left al-Hol for Iraq on Monday. The group consists of 118 families.",
            "completed",
            {"families": 118},
        ),
    ],
)
def test_what_a_clause_says_of_a_movement(text: str, status: str | None, counts: dict[str, int]) -> None:
    main = read_claims(article(text, title="News of ISIS families", published="2022-03-10")).main
    assert main is not None
    assert status is None or main.status == status
    assert {group: main.counts[Group(group)].value for group in counts} == counts


def test_a_list_of_states_without_dates_is_of_sums() -> None:
    text = (
        "More states take home the families of Islamic State fighters from Syria. "
        "Nothing new was heard this week from any capital. Aid groups call for more of it. "
        "Kazakhstan has taken back 754 people, Uzbekistan 531 and Tajikistan 334."
    )
    reading = read_claims(article(text, title="How states deal with camps", published="2023-07-05"))
    assert sorted(figure.value for figure in reading.figures) == [334, 531, 754]
    assert not any(claim.counts for claim in reading.claims)
