"""Fingerprints of texts: the same in every process, and near for texts that are near."""

from __future__ import annotations

import random
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.sketches import same_text, shared, sketch

COMMON = ("children women camp Baghdad Moscow ministry returned flight group families convoy prison mothers statement "
         "spokesman court embassy north east Syria Iraq officials handed over said after coordination with the that "
         "were have been who more than from their of to in and on by for as it is at an be or")
WORDS = COMMON.split()
NOTICE = "Iraq handed over 33 children of Daesh members to Russia on Wednesday the ministry said"


def story(seed: int, length: int = 400) -> list[str]:
    """Words as a news text has them: some common, most of this story's own."""
    draw = random.Random(seed)
    own = [f"{draw.choice(WORDS)}{draw.randrange(60)}" for _ in range(80)]
    return [draw.choice(WORDS if draw.random() < 0.5 else own) for _ in range(length)]


def alike(a: list[str], b: list[str]) -> bool:
    return same_text(sketch(" ".join(a)), sketch(" ".join(b)))


def findable(a: list[str], b: list[str]) -> bool:
    return bool(set(sketch(" ".join(a)).index) & set(sketch(" ".join(b)).index))


def edits(words: list[str], draw: random.Random) -> dict[str, list[str]]:
    """What papers do to a wire text."""
    promo = story(draw.randrange(10**6), 30)
    return {
        "credit": ["BAGHDAD", "AFP", *words, "Copyright", "Agence", "France", "Presse"],
        "headline": [*promo[:9], *words],
        "promotions": [*words[:150], *promo, *words[150:]],
        "a fifth cut": words[:int(len(words) * 0.8)],
        "half cut": [*promo[:5], *words[:len(words) // 2]],
        "words changed": [draw.choice(WORDS) if draw.random() < 0.03 else word for word in words],
    }


def test_wire_edits_are_found_again_and_known_for_the_same_text() -> None:
    draw, missed, tried = random.Random(7), [], 0
    for seed in range(84):
        words = story(seed)
        for name, edited in edits(words, draw).items():
            tried += 1
            if not (findable(words, edited) and alike(words, edited)):
                missed.append((seed, name))
    assert tried >= 500
    assert len(missed) <= tried * 0.02, missed


def test_distinct_stories_of_one_day_are_never_taken_for_one() -> None:
    stories = [sketch(" ".join(story(seed))) for seed in range(60)]
    assert not [(i, j) for i, a in enumerate(stories) for j, b in enumerate(stories) if i < j and same_text(a, b)]


def test_a_text_is_contained_in_a_longer_one_whichever_is_first() -> None:
    short, long = sketch(" ".join(story(1)[:200])), sketch(" ".join(story(1) + story(2)))
    assert shared(short, long) == shared(long, short)
    assert same_text(short, long)


def test_case_accents_and_punctuation_make_no_other_text() -> None:
    assert sketch("Déjà 33 CHILDREN, came home!") == sketch("deja 33 children came home")


def test_a_short_notice_is_found_too() -> None:
    notice = NOTICE.split()
    assert findable(notice, ["BAGHDAD", *notice, "AFP"])
    assert alike(notice, ["BAGHDAD", *notice, "AFP"])


def test_a_sketch_is_the_same_in_another_process() -> None:
    code = "from ledger.sketches import sketch; print(sketch('thirty three children came home from Baghdad').index)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == str(sketch("thirty three children came home from Baghdad").index)


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=2000))
def test_no_text_is_too_odd_to_be_sketched(text: str) -> None:
    mine = sketch(text)
    assert mine == sketch(text)
    assert list(mine.values) == sorted(set(mine.values.tolist()))
    assert all(0 <= value < 2**63 for value in mine.index)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from(WORDS), min_size=8, max_size=300), st.lists(st.sampled_from(WORDS), max_size=300))
def test_what_two_texts_share_is_a_share_and_the_same_both_ways(a: list[str], b: list[str]) -> None:
    one, two = sketch(" ".join(a)), sketch(" ".join(b))
    common, part = shared(one, two)
    assert (common, part) == shared(two, one)
    assert 0.0 <= part <= 1.0
    assert shared(one, one)[1] == 1.0
