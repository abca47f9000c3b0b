"""What languages other than English say in their own ways: names, dates, cases, clauses."""

from __future__ import annotations

import pytest

from extraction.claims import read_claims
from records.claims import Reading
from records.news import Article


def read(lang: str, text: str, *, title: str | None = None, published: str = "2021-10-07") -> Reading:
    return read_claims(
        Article(
            url=None,
            source_id=None,
            outlet=None,
            title=title,
            text=text,
            lang=lang,
            published=published,
            imported_id="one",
        )
    )


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("ru", "Из лагеря Родж вывезли 32 детей, сообщили в аппарате Марии Львовой-Беловой.", "Maria Lvova-Belova"),
        ("de", "Laut Erdogan sitzen 1.200 IS-Anhänger in türkischer Haft.", "Recep Tayyip Erdogan"),
        ("de", "Vier IS-Frauen kamen aus Syrien zurück. Armin Muster (CDU) nannte das richtig.", "Armin Muster"),
        ("ar", "عاد 12 طفلا من مخيم الهول، وقال رئيس الوزراء ألكسندر دي كرو إنهم بخير.", "Alexander De Croo"),
        (
            "nl",
            "Vijf vrouwen zijn uit kamp Roj gehaald. Piet Vermeer en Sigrid Kaag spraken van een uitzondering.",
            "Piet Vermeer",
        ),
    ],
)
def test_who_speaks_is_known_by_name_by_party_or_by_whom_he_stands_beside(lang: str, text: str, name: str) -> None:
    assert name in {official.name for official in read(lang, text).officials}


def test_a_surname_that_nobody_lets_speak_is_no_official() -> None:
    text = "34 детей вывезли из лагеря Аль-Холь в Сирии. Ордер на арест Путина выдан в марте."
    assert not read("ru", text).officials


@pytest.mark.parametrize(
    ("lang", "text", "day"),
    [
        ("de", "Vor drei Tagen sind vier deutsche Frauen aus dem Lager Roj in Syrien zurückgekehrt.", "2021-10-04"),
        ("fr", "Quatre Françaises ont été rapatriées du camp de Roj il y a deux semaines.", "2021-09-23"),
        ("ar", "استعادت فرنسا أربع نساء من مخيم روج في سوريا قبل يومين.", "2021-10-05"),
        ("ru", "Три дня назад из лагеря Родж в Сирии в Россию вернули четырех женщин.", "2021-10-04"),
        ("tr", "Dört Fransız kadın iki gün önce Suriye'deki Roj Kampı'ndan getirildi.", "2021-10-05"),
    ],
)
def test_days_and_weeks_ago_are_dates_in_front_of_their_number_and_behind(lang: str, text: str, day: str) -> None:
    assert read(lang, text).claims[0].event_date == day


def test_the_short_stem_of_a_state_begins_no_other_word() -> None:
    text = "По данным МИД, сирот из лагеря Аль-Холь в Таджикистан вернули в среду: 12 детей."
    (claim,) = read("ru", text).claims
    assert claim.nationality == ("TJ",)


def test_an_arabic_verb_takes_the_number_behind_it_and_not_the_one_before() -> None:
    text = "تسلم وفد فرنسي أمس في القامشلي 12 يتيما من مخيم الهول، وتسلم وفد هولندي طفلين."
    counts = {
        claim.nationality: {str(group): count.value for group, count in claim.counts.items()}
        for claim in read("ar", text).claims
    }
    assert counts[("FR",)]["children"] == 12
    assert counts[("NL",)]["children"] == 2


def test_many_convoys_are_a_sum() -> None:
    text = "19 bin 500 kişi 30 kafileyle Hol Kampı'ndan Irak'a nakledildi. DEAŞ'lı aileler kampta kalıyor."
    reading = read("tr", text)
    assert not any(claim.main for claim in reading.claims)
