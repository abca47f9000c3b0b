"""Texts as they come: empty, binary, in many scripts, with what nobody sees; each through the real command."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from tests.command import Verb, lines, sentence

STORY = "ISIS: Russia repatriated 27 children from the al-Hol camp in Syria on Monday, officials said."
FRENCH = "La France a rapatrié 15 femmes et 32 enfants des camps du nord-est de la Syrie, où Daech est né."
ARABIC = "استعادت روسيا آلاف الوثائق و27 طفلاً من أبناء تنظيم داعش من مخيم الهول في سوريا"
ODD = {
    "zero width space in a word": STORY.replace("children", "chil\u200bdren"),
    "zero width space in a number": STORY.replace("27", "2\u200b7"),
    "joiner in a number": STORY.replace("27", "2\u200d7"),
    "word joiner": STORY.replace("camp", "ca\u2060mp"),
    "soft hyphen": STORY.replace("repatriated", "repa\u00adtriated"),
    "byte order mark": STORY.replace("children", "\ufeffchildren"),
    "right to left embedding": f"\u202b{STORY}\u202c",
    "right to left marks": STORY.replace("27", "\u200f27\u200f"),
    "mixed scripts": f"{STORY} 33 детей أطفال 子供27人",
    "other digits": STORY.replace("27", "２７"),
    "whole accents": FRENCH,
    "parted accents": unicodedata.normalize("NFD", FRENCH),
    "whole Arabic": ARABIC,
    "parted Arabic": unicodedata.normalize("NFD", ARABIC),
    "unknown language": "Zxqw 27 vbnm al-Hol Daesh.",
    "ten megabytes of digits": "9" * 10_000_000,
}
SAID = {"whole accents": {"women": 15, "children": 32}, "parted accents": {"women": 15, "children": 32}}
SILENT = {"unknown language", "ten megabytes of digits"}


def test_extract_reads_what_a_person_sees_and_stays_in_step(verb: Verb) -> None:
    done = verb("extract", "--jsonl", given=lines(*({"id": name, "text": text} for name, text in ODD.items())))
    assert done.code == 0, done.err
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [answer["id"] for answer in answers] == list(ODD)
    for answer in answers:
        name = answer["id"]
        assert answer["text"] == ODD[name]
        stated = [
            {group: count["value"] for group, count in claim["counts"].items() if not count.get("derived")}
            for claim in answer["claims"]
        ]
        assert stated == ([] if name in SILENT else [SAID.get(name, {"children": 27})]), name
        for claim in answer["claims"]:
            quote = claim["evidence"]
            assert ODD[name][quote["start"] : quote["end"]] == quote["quote"]
    unknown = next(answer for answer in answers if answer["id"] == "unknown language")
    assert (unknown["lang"], unknown["relevant"]) == ("und", True)  # by the names alone


@pytest.mark.parametrize("raw", [b"", b"\x00\x01\x02\xff\xfe" * 500, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20])
def test_extract_answers_a_file_that_holds_no_text_in_one_sentence(verb: Verb, tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "odd.txt").write_bytes(raw)
    done = verb("extract", str(tmp_path / "odd.txt"))
    assert "Traceback" not in done.err
    if done.code:
        assert "text is empty" in sentence(done, done.code)
    else:
        assert "Off topic" in done.out
