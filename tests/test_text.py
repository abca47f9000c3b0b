"""Cleaning, decoding, dates, language: what a text may hold when it is stored, and what it is taken for."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.dates import read_date, within
from extraction.decoding import decode
from extraction.language import identify
from extraction.text import clean_paragraphs, clean_text, normal_key, plain_text, storable

NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)
ANYTHING = st.text(st.characters(exclude_categories=()))


def test_what_hides_words_and_numbers_is_taken_out() -> None:
    assert clean_text("re\u00adpat\u200bri\x00ated \ud800 33\u200e chil\ufeffdren\ufdd0") == "repatriated 33 children"
    assert clean_text("می\u200cگویند") == "می\u200cگویند", "a joiner is spelling"
    assert clean_text("Sa\u0308tze\n\n in\t einer\xa0Zeile ") == "Sätze in einer Zeile"
    assert clean_text("one two", 4) == "one"
    assert clean_paragraphs(" a \r\n\r\n\r\n\r\n b\tc\u2028d ") == "a\n\nb c\nd"


@given(ANYTHING, st.none() | st.integers(1, 40))
def test_clean_text_is_clean_and_stays_so(raw: str, limit: int | None) -> None:
    text = clean_text(raw, limit)
    assert clean_text(text, limit) == text
    assert "\x00" not in text
    assert "\n" not in text
    assert text.encode("utf-8").decode("utf-8") == text
    assert limit is None or len(text) <= limit
    assert unicodedata.is_normalized("NFC", text)


@given(ANYTHING)
def test_storable_keeps_every_place(raw: str) -> None:
    kept = storable(raw)
    assert len(kept) == len(raw)
    assert kept.encode("utf-8").decode("utf-8") == kept
    assert all(b in (a, "\ufffd") for a, b in zip(raw, kept, strict=True))


@given(ANYTHING)
def test_plain_text_of_anything_is_a_clean_line(raw: str) -> None:
    assert plain_text(raw) == clean_text(plain_text(raw))


def test_plain_text_is_what_a_reader_sees() -> None:
    assert plain_text("<p>One<br>two</p><p>th<b>re</b>e &amp; four</p><script>five</script>") == "One two three & four"
    assert plain_text("3 < 5 and AT&T") == "3 < 5 and AT&T"
    assert plain_text('<div class="x"><style>a{}</style><style>b{}</style>left</div>') == "left"


@given(ANYTHING)
def test_a_key_ignores_case_and_marks_between_words(raw: str) -> None:
    assert normal_key(normal_key(raw)) == normal_key(raw)


def test_keys_compare_what_is_said() -> None:
    assert normal_key("“Thirty-three” CHILDREN…") == normal_key("thirty three children")
    assert normal_key("ﬁle ٣٣") == normal_key("FILE ٣٣")


@pytest.mark.parametrize(("encoding", "header", "text"), [
    ("cp1251", "text/html; charset=utf-8", "<p>Дети вернулись домой из Ирака, их встретили родные и близкие</p>"),
    ("cp1251", "text/html; charset=iso-8859-1", "<p>Дети вернулись домой из Ирака, их встретили родные и близкие</p>"),
    ("cp1251", "text/html; charset=windows-1251", "<p>Дети</p>"),
    ("utf-8", "text/html; charset=windows-1251", "<p>Дети вернулись</p>"),
    ("cp1256", "text/html", '<meta charset="windows-1256"><p>عاد الأطفال إلى بلادهم أمس</p>'),
    ("utf-8", "text/html; charset=unicode_escape", "<p>\\u0041 stays as it is</p>"),
    ("utf-8", "text/html; charset=zip", "<p>déjà</p>"),
    ("utf-8-sig", "text/html; charset=iso-8859-1", "<p>déjà vu</p>"),
    ("utf-16", None, "<p>déjà vu</p>"),
    ("utf-16-le", None, "<html><p>no mark at the beginning</p></html>"),
    ("cp1252", "text/html; charset=us-ascii", "<p>L’été à la plage</p>"),
    ("iso2022_jp", "text/html; charset=iso-2022-jp", "<p>子どもたちが帰国した</p>"),
    ("gb18030", "text/html; charset=gbk", "<p>三十三名儿童从巴格达返回莫斯科</p>"),
])
def test_bytes_are_decoded_by_what_they_are(encoding: str, header: str | None, text: str) -> None:
    assert decode(text.encode(encoding), header) == text


def test_a_cut_in_the_middle_of_a_letter_is_no_other_encoding() -> None:
    assert decode("Возвращение детей".encode()[:-1], "text/html; charset=utf-8") == "Возвращение дете\ufffd"


@given(st.binary(max_size=400),
       st.sampled_from([None, "a/b; charset=utf-7", "x; charset=punycode", "x; charset=koi8-r"]))
def test_decoding_never_fails(body: bytes, header: str | None) -> None:
    decode(body, header).encode("utf-8")


@pytest.mark.parametrize(("raw", "iso"), [
    ("Mon, 15 Jul 2019 10:00:00 +0300", "2019-07-15T10:00:00+03:00"),
    ("Mon, 15 Jul 2019 10:00:00 CEST", "2019-07-15T10:00:00+02:00"),
    ("15 Jul 19 10:00 MSK", "2019-07-15T10:00:00+03:00"),
    ("2019-07-15T10:00:00.123Z", "2019-07-15T10:00:00+00:00"),
    ("2019-07-15T10:00:00 +03:00", "2019-07-15T10:00:00+03:00"),
    ("20190715T100000Z", "2019-07-15T10:00:00+00:00"),
    ("2019-07-15 10:00:00", "2019-07-15"),
    ("2024/01/02 03:04", "2024-01-02"),
    ("2024年1月1日", "2024-01-01"),
    ("1704067200", "2024-01-01T00:00:00+00:00"),
    ("July 15, 2019 10:05 PM GMT", "2019-07-15T22:05:00+00:00"),
    ("15. Juli 2019", "2019-07-15"),
    ("15 août 2019 à 18:30", "2019-08-15"),
    ("15.07.2019, 12:00", "2019-07-15"),
    ("15/07/2019", "2019-07-15"),
    ("١٥/٠٧/٢٠١٩", "2019-07-15"),
    ("Sun, 31 Dec 2023 23:59:60 GMT", "2023-12-31T23:59:59+00:00"),
    ("2019-07-15T24:00:00Z", "2019-07-16T00:00:00+00:00"),
])
def test_dates_are_read_as_written(raw: str, iso: str) -> None:
    written = read_date(raw)
    assert written is not None
    assert written.iso() == iso


@pytest.mark.parametrize("raw", [
    "", "soon", "01/02/2024", "10000-01-01", "2024-02-30", "Mon, 15 Jul 2019 10:00:00 IST", "2024", "2024-13-01",
    "Mon, 15 Jul 2019 25:00:00 GMT", "2019-07-15T10:00:00+99:00", "2019-07-15 x" * 9])
def test_what_can_be_read_two_ways_or_none_is_not_read(raw: str) -> None:
    assert read_date(raw) is None


@pytest.mark.parametrize("raw", [
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1994-12-31", "2024-03-03T12:00:01Z", "1969-12-31"])
def test_a_date_that_can_not_be_of_news_is_refused(raw: str) -> None:
    assert within(read_date(raw), NOW) is None


@given(st.text(max_size=70)
       | st.from_regex(r"\d{1,5}[-/.]\d{1,2}[-/.]\d{1,5}([ T]\d\d:\d\d(:\d\d)?( ?[A-Z+-]\w{0,4})?)?"))
def test_any_text_is_a_date_or_none(raw: str) -> None:
    written = read_date(raw)
    if written is not None:
        assert isinstance(written.utc(), datetime) or written.day == date.min
        assert read_date(written.iso()) is not None or written.day.year < 1000


@given(st.datetimes(datetime(1995, 1, 2), datetime(2024, 2, 28), timezones=st.timezones()))  # noqa: DTZ001  bounds are naive
def test_an_instant_survives_being_written_and_read(at: datetime) -> None:
    at = at.replace(microsecond=0)
    offset = at.utcoffset()
    assert offset is not None
    if offset.seconds % 60 == 0:
        written = within(read_date(at.isoformat()), NOW)
        assert written is not None
        assert written.utc() == at.astimezone(UTC)


@pytest.mark.parametrize(("text", "hint", "lang"), [
    ("The children came home from Iraq and were met by relatives", None, "en"),
    ("Дети вернулись домой из Ирака, где их матери отбывают наказание", None, "ru"),
    ("Діти повернулися додому з Іраку, їх зустріли родичі в Києві", "uk", "uk"),
    ("عاد الأطفال إلى روسيا أمس على متن طائرة خاصة من بغداد", None, "ar"),
    ("Çocuklar Irak'tan Türkiye'ye getirildi ve ailelerine teslim edildi", "en", "tr"),
    ("Die Kinder sind aus dem Irak nach Deutschland zurückgekehrt", "en-US", "de"),
    ("Дети дома", None, "ru"), ("أطفال", "en", "ar"), ("Russia", "fr", "fr"), ("33", None, "und"), ("", "de_DE", "de"),
    ("", "xxxx", "und"), ("三十三名儿童返回", None, "zh"), ("子どもたちが帰国", None, "ja"), ("ילדים חזרו הביתה", "en", "he"),
])
def test_language_by_text_script_and_hint(text: str, hint: str | None, lang: str) -> None:
    assert identify(text, hint) == lang


@given(st.text(max_size=60), st.none() | st.text(max_size=8))
def test_language_of_anything_is_a_tag(text: str, hint: str | None) -> None:
    assert identify(text, hint).isalpha()
