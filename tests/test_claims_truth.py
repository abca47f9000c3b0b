"""What may not be said: an event that was denied, a number that no source gave or that means something else, a name."""

from __future__ import annotations

import pytest

from extraction.claims import read_claims
from records.words import Group, Qualifier
from tests.test_claims import article


@pytest.mark.parametrize(
    ("lang", "title", "text", "status"),
    [
        ("en", "Denmark denies having flown 14 children out of Syria", "It spoke of al-Hol camp.", "denied"),
        ("en", None, "ISIS: Reports that 14 Danish children had been flown home from al-Hol are untrue.", "denied"),
        ("en", None, "Denmark denied entry to an IS widow, but 14 Danish children came home from al-Hol.", "completed"),
        ("en", "Lebanon turns back 23 women and children from al-Hol", "They went back to Hasakah.", "refused"),
        ("ar", "السويد تنفي استعادة 10 أطفال من مخيم الهول", "قالت ذلك الخارجية.", "denied"),
        ("ru", "Таджикистан опроверг возвращение 15 детей из Сирии", "Речь шла о лагере Рож.", "denied"),
        ("fr", "La Belgique dément avoir rapatrié 12 enfants de Syrie", "Il s'agit du camp de Roj.", "denied"),
        ("de", "Berlin dementiert Rückholung von 12 Kindern aus Syrien", "Es ging um das Lager Roj.", "denied"),
    ],
)
def test_what_is_denied_or_turned_back_did_not_happen(lang: str, title: str | None, text: str, status: str) -> None:
    claims = read_claims(article(text, title=title, lang=lang, published="2021-05-05")).claims
    assert [claim.status for claim in claims if claim.main] == [status]
    assert all(claim.event_date is None for claim in claims if claim.status == "denied")


def test_children_with_mothers_whom_nobody_counted_give_no_total() -> None:
    text = "Belgium brought home 16 children and their mothers from the Roj camp in Syria on Monday, officials said."
    (said,) = read_claims(article(text, title=None, published="2021-05-05")).claims
    assert {str(group): count.value for group, count in said.counts.items()} == {"children": 16}
    assert said.uncounted


def test_the_sum_of_an_exact_and_a_hedged_part_keeps_the_hedge() -> None:
    text = "Belgium brought home more than 16 children and six mothers from the Roj camp in Syria on Monday."
    (said,) = read_claims(article(text, title=None, published="2021-05-05")).claims
    assert (said.counts[Group.TOTAL].value, said.counts[Group.TOTAL].qualifier) == (22, Qualifier.AT_LEAST)


def test_the_day_on_which_a_plan_was_announced_is_no_day_of_it() -> None:
    text = (
        "Belgium intends to bring home as many as 20 children and their mothers from the Roj camp before the summer, "
        "the office announced on Monday. A mission in July 2021 brought home six mothers and ten children."
    )
    said = read_claims(article(text, title="Belgium wants to fetch children from Syria", published="2022-04-11"))
    assert [(str(claim.status), claim.event_date) for claim in said.claims if not claim.main] == [
        ("planned", None),
        ("completed", "2021-07"),
    ]


def test_of_headline_and_text_that_say_the_same_the_text_is_the_evidence() -> None:
    text = "France brought home 10 women and 25 children from Syria on Tuesday, the ministry said."
    reading = read_claims(article(text, title="France repatriates 10 women and 25 children", published="2023-07-04"))
    quotes = {count.evidence.quote for count in reading.claims[0].counts.values() if count.evidence}
    assert quotes == {text}


def test_the_number_of_an_operation_counts_nobody() -> None:
    text = "Am 30. April flog Mehr-5 24 Frauen und 69 Kinder aus dem Lager Al-Hol nach Usbekistan aus."
    (said,) = read_claims(article(text, lang="de", title="Usbekistan holt Kinder aus Syrien")).claims
    assert {str(group): count.value for group, count in said.counts.items() if not count.derived} == {
        "women": 24,
        "children": 69,
    }


def test_who_was_told_is_not_who_says_it() -> None:
    text = "France brought home 10 women from Syria on Tuesday, a source close to the matter told AFP."
    (said,) = read_claims(article(text, title=None, published="2023-07-04")).claims
    assert said.speaker is None
    text = "France brought home 10 women from Syria on Tuesday, the interior ministry told AFP."
    (said,) = read_claims(article(text, title=None, published="2023-07-04")).claims
    assert said.speaker is not None
    assert said.speaker.organisation == "interior ministry"


def test_captions_and_some_of_those_who_came_are_no_stock() -> None:
    text = (
        "[caption] A child in the Roj camp, where 60 women live.\n"
        "France brought home 10 women and 25 children from Syria on Tuesday, the ministry said. "
        "Seven of the mothers are in custody. In the camp 200 French women remain."
    )
    reading = read_claims(article(text, title="France repatriates 10 women and 25 children", published="2023-07-04"))
    assert [(str(figure.what), figure.value) for figure in reading.figures] == [("held", 200)]


def test_iraqis_who_leave_a_camp_for_iraq_have_not_joined_anybody() -> None:
    text = "A convoy of 21 buses carrying 151 Iraqi families left al-Hol this morning for Iraq, a source said."
    reading = read_claims(article(text, title="Iraqis leave al-Hol", published="2025-02-23"))
    assert reading.figures == ()
    assert reading.claims[0].counts[Group.FAMILIES].value == 151


def test_a_total_is_never_less_than_a_part_of_it() -> None:
    text = "Baku brought home 44 minors, the ombudsman said: 31 from Baghdad orphanages and 13 from al-Hol."
    reading = read_claims(article(text, title="Azerbaijan brings back 44 children from Iraq and Syria", lang="en"))
    for claim in reading.claims:
        numbers = {group: count.value for group, count in claim.counts.items()}
        assert numbers.get(Group.CHILDREN, 0) <= numbers.get(Group.TOTAL, 99)


def test_names_of_minors_are_marked_and_are_no_officials() -> None:
    text = (
        "Two children of ISIS fighters, Khadija, 2, and the child Abdullah, came home from Iraq to Baku on Friday. "
        "The 3-year-old Omar Said said he was glad, and Tea Smith, 34, a lawyer, told reporters that all were well."
    )
    reading = read_claims(article(text, title="Azerbaijani children of ISIS return from Iraq", published="2021-03-02"))
    assert {minor.quote for minor in reading.minors} == {"Khadija", "Abdullah", "Omar Said"}
    assert [official.name for official in reading.officials] == ["Tea Smith"]


@pytest.mark.parametrize(
    ("lang", "text", "names"),
    [
        ("en", "Mariam D., 8, and Ahmed K., 11, came home from al-Hol.", {"Mariam D", "Ahmed K"}),
        ("en", "Alvin, an 11-year-old boy from al-Hol, landed in Rome.", {"Alvin"}),
        ("en", "Adam, who is nine, and Sara, two years old, came from al-Hol.", {"Adam", "Sara"}),
        ("en", "Two brothers, Adam and Sami, 6 and 9, returned from al-Hol.", {"Adam", "Sami"}),
        ("en", "Her son Adam and her daughters Lina and Sara left al-Hol.", {"Adam", "Lina", "Sara"}),
        ("en", "She and her children, Adam and Lina, left al-Hol, UNICEF said.", {"Adam", "Lina"}),
        ("en", "A boy named Yusuf Zakir left al-Hol, New York Times, May 7.", {"Yusuf Zakir"}),
        ("en", "Sara Holm, 34, and her two children left al-Hol. Children Tied to ISIS Return From Iraq.", set()),
        ("ar", "عادت الطفلة لينا (7 سنوات) وسارة البالغة من العمر 9 سنوات من مخيم الهول.", {"لينا", "وسارة"}),
        ("ru", "Пятилетний Адам Иванов и Лина, 7 лет, вернулись из лагеря Аль-Холь.", {"Адам Иванов", "Лина"}),
        ("fr", "Adam, 6 ans, et sa sœur Lina (4 ans) sont rentrés du camp de Roj.", {"Adam", "Lina"}),
        ("de", "Der sechsjährige Adam und Lina (4) kehrten aus dem Lager Roj zurück.", {"Adam", "Lina"}),
        ("tr", "6 yaşındaki Adem ve 4 yaşındaki Lina, Hol Kampı'ndan döndü.", {"Adem", "Lina"}),
    ],
)
def test_names_of_minors_are_known_in_each_language(lang: str, text: str, names: set[str]) -> None:
    reading = read_claims(article(text, lang=lang, published="2021-03-02"))
    assert {minor.quote for minor in reading.minors} == names
    assert not reading.officials
