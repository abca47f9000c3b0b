"""How long claims take to read, in each language, beside trafilatura's extraction of the same pages in the same run.

    python -m benchmarks.claims [FOLDER]

FOLDER holds saved pages (*.html, *.html.gz). All times are CPU milliseconds of one core, the fastest of some runs. The
labelled articles are short and dense with numbers, so that 400 words of them are three or four articles; a page's text
is read under a title of this news, so that it is read to its end.
"""

from __future__ import annotations

import argparse
import gzip
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import trafilatura

from extraction.claims import read_claims
from extraction.claims.gazetteer import languages
from records.news import Article
from tests.quality import LARGE, article_of, rows

WORDS = 400
SHORTEST = 150  # words: a shorter page has no article
REPEATS = 5  # the fastest of so many counts: the rest is the machine's noise
TITLE = "Children of Islamic State fighters return from Syria"
HOSTILE = {  # what a text may repeat without end
    "numbers": "33 ", "no spaces": "33", "names": "Abdullah Muhammad ", "quotes": '"“«', "parentheses": "((",
    "commas": "a, ", "unseen marks": "3\u200b",
    "line breaks": "\n", "one sentence": "12 Russian children were brought home from Syria and ",
    "mixed scripts": "33 детей أطفال children ", "stops": "A. ", "relatives": "women who returned, which ",
}  # fmt: skip
LOADING = """
import sys, time
from extraction.claims.lexicon import lexicon
from extraction.claims.gazetteer import languages
start = time.process_time()
lexicon(sys.argv[1])
print(1000 * (time.process_time() - start))
"""


def article(text: str, lang: str = "en") -> Article:
    return Article(url=None, source_id=None, outlet=None, title=TITLE, text=text, lang=lang, published="2023-02-14")


def clocked(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """CPU milliseconds of the fastest of some runs."""

    def once() -> float:
        start = time.process_time()
        work()
        return 1000 * (time.process_time() - start)

    return min(once() for _ in range(repeats))


def pages(folder: Path) -> Iterator[tuple[str, str]]:
    """(page, its text) of the saved pages that hold an article."""
    for path in sorted([*folder.glob("*.html"), *folder.glob("*.html.gz")]):
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        page = raw.decode("utf-8", "replace")
        text = trafilatura.extract(page)
        if text and len(text.split()) >= SHORTEST:
            yield page, text


def told(name: str, milliseconds: list[float], words: list[int]) -> None:
    """One line: per 400 words the median and what nineteen in twenty stay under, and the median as it was."""
    scaled = sorted(time_ * WORDS / many for time_, many in zip(milliseconds, words, strict=True))
    high = scaled[int(0.95 * (len(scaled) - 1))]
    print(
        f"{name:<32}{len(scaled):>5}{statistics.median(scaled):>10.2f}{high:>8.2f}{statistics.median(milliseconds):>10.2f}"
    )


def labelled() -> None:
    """The labelled articles of each language, each by itself."""
    every = [*rows("articles.jsonl"), *rows("own/articles.jsonl")]
    for lang in (*LARGE, "others"):
        some = [row for row in every if (row["lang"] if row["lang"] in LARGE else "others") == lang]
        for row in some:
            read_claims(article_of(row))  # lexicons are loaded once for all
        times = [clocked(lambda r=row: read_claims(article_of(r))) for row in some]
        told(f"labelled, {lang}", times, [len(row["text"].split()) for row in some])


def hostile(size: int) -> None:
    """Texts of one megabyte: news without end, and what a person of ill will may write."""
    news = "\n".join(row["text"] for row in rows("articles.jsonl") if row["lang"] == "en")
    for name, piece in {"news": news, **HOSTILE}.items():
        text = (piece * (size // len(piece) + 1))[:size]
        print(f"1 MB, {name:<26}{clocked(lambda t=text: read_claims(article(t)), 1):>10.0f} ms")


def loading() -> None:
    """Each lexicon in a process of its own."""
    took: dict[str, float] = {}
    for lang in languages():
        done = (
            subprocess.run([sys.executable, "-c", LOADING, lang], capture_output=True, text=True, check=True)
            for _ in range(3)
        )
        took[lang] = min(float(one.stdout) for one in done)
    print("lexicons, cold: " + ", ".join(f"{lang} {ms:.0f}" for lang, ms in took.items()) + " ms")


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.claims", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", help="saved pages, for the time of trafilatura on them")
    options = parser.parse_args()
    print(f"{'':<32}{'n':>5}{'per 400':>10}{'p95':>8}{'each':>10}   (ms)")
    labelled()
    found = list(pages(options.folder)) if options.folder else []
    if found:
        words = [len(text.split()) for _, text in found]
        told("trafilatura, pages", [clocked(lambda p=p: trafilatura.extract(p), 3) for p, _ in found], words)
        told("claims, the same pages", [clocked(lambda t=t: read_claims(article(t))) for _, t in found], words)
    loading()
    hostile(1_000_000)


if __name__ == "__main__":
    main()
