"""Languages: told by letters where they tell, by the model for a text, by what was declared in doubt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.language import identify


@pytest.mark.parametrize(("text", "lang"), [
    ("Nine women and twenty children came home from the camp on Tuesday, the ministry said.", "en"),
    ("Beijing's plan for the king's camp: Kosovo repatriates citizens from Syria", "en"),
    ("Neun Frauen und zwanzig Kinder sind am Dienstag aus dem Lager zurückgekehrt.", "de"),
    ("Neuf femmes et vingt enfants sont rentrés mardi du camp, selon le ministère.", "fr"),
    ("Dokuz kadın ve yirmi çocuk salı günü kamptan ülkelerine getirildi.", "tr"),
    ("Девять женщин и двадцать детей вернулись во вторник из лагеря.", "ru"),
    ("Дев'ять жінок і двадцять дітей повернулися у вівторок з табору, повідомило міністерство її країни.", "uk"),
    ("Сейсенбі күні лагерьден тоғыз әйел мен жиырма бала елге қайтарылды.", "kk"),
    ("Шейшемби күнү тогуз аял жана жыйырма бала мекенине кайтарылды. Алардын эң кичүүсү экиде.", "ky"),
    ("Рӯзи сешанбе нӯҳ зан ва бист кӯдак аз урдугоҳ ба ватан баргардонида шуданд.", "tg"),
    ("Сешанба куни лагердан тўққиз аёл ва йигирма бола юртига қайтарилди, деди ҳукумат вакили.", "uz"),
    ("عادت تسع نساء وعشرون طفلا من المخيم يوم الثلاثاء بحسب الوزارة.", "ar"),
    ("نه زن و بیست کودک روز سه‌شنبه از اردوگاه به کشورشان بازگشتند.", "fa"),
    ("نۆ ژن و بیست منداڵ ڕۆژی سێشەممە لە کەمپەکە گەڕێنرانەوە.", "ckb"),
    ("نو خواتین اور بیس بچے منگل کو کیمپ سے وطن واپس آئے۔", "ur"),
    ("九名妇女和二十名儿童周二从营地返回祖国。", "zh"),
])
def test_a_sentence_is_known(text: str, lang: str) -> None:
    assert identify(text) == lang


@pytest.mark.parametrize(("text", "hint", "lang"), [
    ("Kosovo: 11", "sq", "sq"), ("Kosovo: 11", None, "und"), ("", None, "und"), ("2019", "en-GB", "en"),
    ("مخيم الهول", "ckb", "ckb"), ("مخيم الهول", "en", "ar"), ("Лагерь", "en", "ru"), ("Camp", "not a tag", "und"),
    ("Nine women and twenty children came home from the camp on Tuesday, the ministry said.", "da", "en"),
])
def test_what_is_declared_wins_in_doubt_and_only_where_it_can_be_true(text: str, hint: str | None, lang: str) -> None:
    assert identify(text, hint) == lang


@given(text=st.text(max_size=200), hint=st.one_of(st.none(), st.text(max_size=12)))
def test_any_text_has_an_answer(text: str, hint: str | None) -> None:
    assert identify(text, hint)
