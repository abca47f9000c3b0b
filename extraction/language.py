"""Which language a text is in: py3langid for a text, letters for a few words, the page's own word when in doubt."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

UNKNOWN = "und"
SAMPLE = 1_000  # characters: as good as the whole text (.992 of 265 pages) in 1.3 ms
FIRST = 300  # characters that do where the page declares the same language: .992 as well, in a third of the time
SHORT = 40  # letters, fewer than this are judged by script first
LIKELY = 0.3  # probability from which a guess is told where nobody declared anything: of 274 headlines none was wrong
SURE = 0.9  # probability below which the page's own declaration wins

_PLAINER = {"ary": "ar", "arz": "ar", "arb": "ar", "sdh": "ckb", "nb": "no", "iw": "he"}  # to one name
_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$", re.IGNORECASE)
_SCRIPTS = {  # a script's range, and the languages written in it; the first is assumed where nothing else is known
    "arabic": ("\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff", "ar fa ur ckb ku ps ug sd"),
    "cyrillic": ("\u0400-\u052f", "ru uk be bg sr mk kk ky tg uz mn tt ba cv ce os ab"),
    "latin": ("A-Za-z\u00c0-\u024f\u1e00-\u1eff", ""),
    "hebrew": ("\u0590-\u05ff", "he yi"), "greek": ("\u0370-\u03ff", "el"), "armenian": ("\u0530-\u058f", "hy"),
    "georgian": ("\u10a0-\u10ff", "ka"), "thai": ("\u0e00-\u0e7f", "th"), "devanagari": ("\u0900-\u097f", "hi mr ne"),
    "bengali": ("\u0980-\u09ff", "bn"), "hangul": ("\uac00-\ud7af\u1100-\u11ff", "ko"),
    "kana": ("\u3040-\u30ff", "ja"), "han": ("\u4e00-\u9fff", "zh ja"), "thaana": ("\u0780-\u07bf", "dv"),
}
_RANGES = {name: re.compile(f"[{chars}]") for name, (chars, _) in _SCRIPTS.items()}
# Letters that one language of a script alone uses, letters it never uses, and the share of letters that settles it:
# what py3langid does not know (Sorani, Tajik, Cyrillic Uzbek) or confuses when the text is short.
_TELLING = tuple((script, lang, re.compile(f"[{own}]"), re.compile(f"[{never}]"), share)
                 for script, lang, own, never, share in (
    ("arabic", "ckb", "ێۆڕڵەڤ", "ټډړښ", 0.04), ("arabic", "ur", "ٹڈڑے", "ێۆ", 0.02),
    ("arabic", "ps", "ټډړښځڅ", "ێۆ", 0.01), ("arabic", "fa", "پچژگکی", "ێۆٹڈڑےټډړۇې", 0.04),
    ("cyrillic", "tg", "ҷӣӯ", "ыщіў", 0.005),
    ("cyrillic", "uz", "ҳў", "ыщіәұ", 0.01), ("cyrillic", "kk", "ұәғқ", "ҳўҷӣӯ", 0.02),
    ("cyrillic", "ky", "ң", "ғқәұі", 0.005), ("cyrillic", "uk", "їєґ", "ыэў", 0.005),
    ("latin", "uz", "ʻʼ‘", "äöüéèçñß", 0.01), ("latin", "az", "ə", "äßéè", 0.02)))


def primary(raw: str | None) -> str:
    """The language of a declared tag ("EN_us" -> "en"); "und" for what is none."""
    text = (raw or "").strip().replace("_", "-").lower()
    found = text.partition("-")[0] if _TAG.match(text) else UNKNOWN
    return UNKNOWN if found in ("xx", "mul", "zxx") else _PLAINER.get(found, found)


def identify(text: str, hint: str | None = None) -> str:
    """The text's language as BCP 47, "und" when unknown. `hint` (a page's or feed's own word) wins when unsure."""
    sample = text[:SAMPLE]
    hinted = primary(hint)
    counts = {name: len(pattern.findall(sample)) for name, pattern in _RANGES.items()}
    letters = sum(counts.values())
    if not letters:
        return hinted
    script = "kana" if counts["kana"] > letters * 0.05 else max(counts, key=lambda name: counts[name])
    written = _SCRIPTS[script][1].split()
    if told := _told_by_letters(script, sample, letters, hinted):
        return told
    if len(written) == 1:
        return written[0]
    if letters < SHORT and script != "latin":
        return hinted if hinted in written else written[0]
    found, probability = _guess(sample, hinted)
    fitting = hinted != UNKNOWN and (hinted in written if written else hinted not in _other_scripts())
    if probability < SURE or letters < SHORT:
        return hinted if fitting else found if probability >= LIKELY else _fallback(written)
    return "zh" if script == "han" else found


def _guess(sample: str, hinted: str) -> tuple[str, float]:
    """What py3langid says, with its probability; of the beginning alone where that confirms what was declared."""
    if hinted != UNKNOWN and len(sample) > FIRST:
        found, probability = _named(sample[:FIRST])
        if found == hinted and probability >= SURE:
            return found, probability
    return _named(sample)


def _named(sample: str) -> tuple[str, float]:
    found, probability = _identifier().classify(sample)
    return _PLAINER.get(str(found), str(found)), float(probability)


def _fallback(written: list[str]) -> str:
    return written[0] if written else UNKNOWN


def _told_by_letters(script: str, sample: str, letters: int, hinted: str) -> str | None:
    lower = sample.lower()
    for where, lang, own, never, share in _TELLING:
        if where == script and len(own.findall(lower)) >= max(1, letters * share) and not never.search(lower):
            return hinted if letters < SHORT and hinted in _SCRIPTS[script][1].split() else lang
    return None


@lru_cache(maxsize=1)
def _other_scripts() -> frozenset[str]:
    """Languages that are not written in Latin letters (those that are written in both count as Latin)."""
    both = {"sr", "uz", "ku", "kk", "tt", "ug"}
    return frozenset(lang for _, languages in _SCRIPTS.values() for lang in languages.split()) - both


@lru_cache(maxsize=1)
def _identifier() -> Any:
    """py3langid's model, loaded once in a process: 0.6 s and 75 MB."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - only processes that read pages pay

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    # Nigerian Pidgin takes many an English headline, and no newspaper we know is written in it. It is made impossible
    # rather than left out: `set_languages` would keep a second copy of the table, 28 MB in every reader.
    prior = identifier.nb_pc.copy()
    prior[identifier.nb_classes.index("pcm")] = float("-inf")
    identifier.nb_pc = prior
    return identifier
