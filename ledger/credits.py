"""Whose text is it? The agency named in a dateline ("BAGHDAD (AFP) -"), a credit line ("Source: Tigris Wire") or a
copyright line. Names within the news ("Reuters reported") credit nobody: they are attribution, not origin.
"""

from __future__ import annotations

import re
import unicodedata

AGENCIES = {  # as credit lines write them → the agency
    "AFP": ("afp", "agence france presse", "ا ف ب", "أ ف ب", "فرانس برس", "афп"),
    "AP": ("ap", "associated press", "the associated press", "ا ب", "اسوشيتد برس"),
    "Reuters": ("reuters", "thomson reuters", "رويترز", "рейтер", "рейтерс"),
    "dpa": ("dpa", "d p a", "deutsche presse agentur", "د ب ا"),
    "EFE": ("efe", "agencia efe"), "ANSA": ("ansa",), "APA": ("apa",), "ANP": ("anp",), "Belga": ("belga",),
    "TT": ("tt nyhetsbyrån",), "NTB": ("ntb",), "Ritzau": ("ritzau",), "STT": ("stt",), "PA": ("pa media",),
    "Tanjug": ("tanjug",), "Fena": ("fena",), "Hina": ("hina",), "CTK": ("čtk", "ctk"), "Keystone-SDA": ("sda", "ats"),
    "TASS": ("tass", "тасс"), "RIA Novosti": ("ria novosti", "риа новости"), "Interfax": ("interfax", "интерфакс"),
    "Sputnik": ("sputnik", "спутник"), "Kazinform": ("kazinform", "казинформ"), "Kabar": ("kabar", "кабар"),
    "Trend": ("trend news agency",), "Anadolu": ("aa", "anadolu", "anadolu agency", "anadolu ajansı", "الاناضول"),
    "DHA": ("dha",), "IHA": ("iha", "iha news"), "INA": ("ina", "iraqi news agency", "واع", "وكالة الانباء العراقية"),
    "SANA": ("sana", "سانا"), "KUNA": ("kuna", "كونا"), "WAM": ("wam", "وام"), "SPA": ("spa", "واس"),
    "QNA": ("qna", "قنا"), "Petra": ("petra", "بترا"), "MENA": ("mena", "ا ش ا"), "IRNA": ("irna",), "ISNA": ("isna",),
    "North Press": ("npa", "north press", "north press agency"), "ANHA": ("anha", "hawar", "hawar news agency"),
    "Xinhua": ("xinhua", "شينخوا"), "Kyodo": ("kyodo",), "Yonhap": ("yonhap",), "PTI": ("pti",), "ANI": ("ani",),
    "Bernama": ("bernama",), "Antara": ("antara",), "AAP": ("aap",), "CP": ("the canadian press", "canadian press"),
}
BY_NAME = {name: agency for agency, names in AGENCIES.items() for name in names}
HEAD, TAIL = 160, 240  # characters: a dateline stands in the first line, a credit in the last ones
IS_AGENCY = re.compile(r"\b(?:wires?|news agency|press agency|agenc[ey]|agentur|agencia|агентство"
                       r"|haber ajansı|ajansı)\b"
                       r"|وكالة", re.IGNORECASE)
NAME = r"(?P<name>[^\W\d_][^\n()\[\]/;:|–—]{0,40}?)"
DATELINES = tuple(re.compile(pattern, re.MULTILINE) for pattern in (
    rf"\(\s*{NAME}\s*\)\s*[-–—:.]",  # BAGHDAD (AFP) -
    rf"/\s*{NAME}\s*/\s*[-–—.]",  # МОСКВА, 10 февраля. /ТАСС/.
    rf"^[^\n–—-]{{0,60}}?[-–—,]\s*{NAME}\s*[-–—.:]\s",  # МОСКВА, 10 фев — РИА Новости.
    rf"^{NAME}\s*[-–—]\s",  # REUTERS - Baghdad
))
CREDITS = tuple(re.compile(pattern, re.IGNORECASE | re.MULTILINE) for pattern in (
    rf"^\W*(?:source|quelle|fonte|fuente|kaynak|источник|المصدر|bron|kilde|källa|lähde)\s*[:：]\s*{NAME}\W*$",
    rf"(?:copyright|©|\(c\))\s*(?:\d{{4}})?\s*{NAME}(?=\s*(?:\d{{4}}|[.,|]|all rights|$))",
    rf"[-–—]\s*{NAME}\W*$", rf"[(\[]\s*{NAME}\s*[)\]]\W*$",
    rf"^\W*(?:with|avec|mit|con|met)\s+{NAME}\W*$",
))
PARTS = re.compile(r"\s*(?:,|/|&|\band\b|\bet\b|\bund\b|\bwith\b|\+)\s*")


def agency_of(name: str) -> str | None:
    """The agency that a name in a credit means, by its short name."""
    plain = _plain(name)
    if plain in BY_NAME:
        return BY_NAME[plain]
    return next((BY_NAME[part] for part in map(_plain, PARTS.split(name)) if part in BY_NAME), None)


def credit_of(text: str) -> str | None:
    """The agency whose text this says it is; None where it does not say. Looks at its beginning and its end only."""
    head, tail = text.lstrip()[:HEAD], text.rstrip()[-TAIL:]
    for pattern in DATELINES:
        for found in pattern.finditer(head):
            if agency := agency_of(found["name"]):
                return agency
    for place, pattern in enumerate(CREDITS):
        for found in reversed(list(pattern.finditer(tail))):
            if agency := agency_of(found["name"]):
                return agency
            if place == 0 and IS_AGENCY.search(found["name"]):  # one that is not in the list: "Source: Tigris Wire"
                return " ".join(found["name"].split())
    return None


def _plain(name: str) -> str:
    """Letters and single spaces, without case, points, accents of Arabic and hamza."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w\s]|_", " ", bare).casefold().split())


BY_NAME |= {_plain(name): agency for name, agency in tuple(BY_NAME.items())}
