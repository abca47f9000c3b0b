"""How long claims take to read, beside trafilatura's extraction of the same pages in the same run.

    python -m benchmarks.claims FOLDER [--megabyte]

FOLDER holds saved pages (*.html, *.html.gz). Printed: CPU milliseconds per page for trafilatura and for claims, claims
per 400 words, the same for the labelled articles (dense with numbers), and with --megabyte a text of 1 MB.
"""

from __future__ import annotations

import argparse
import gzip
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import trafilatura

from extraction.claims import read_claims
from records.news import Article
from tests.quality import rows

WORDS = 400
SHORTEST = 150  # words: a shorter page has no article
REPEATS = 3  # the fastest of so many counts: the rest is the machine's noise
TITLE = "Children of Islamic State fighters return from Syria"  # so that every page is read to the end


def article(text: str) -> Article:
    return Article(url=None, source_id=None, outlet=None, title=TITLE, text=text, lang="en", published="2023-02-14")


def clocked(work: Callable[[], object]) -> float:
    """CPU milliseconds of the fastest of some runs."""

    def once() -> float:
        start = time.process_time()
        work()
        return 1000 * (time.process_time() - start)

    return min(once() for _ in range(REPEATS))


def pages(folder: Path) -> Iterator[tuple[str, str]]:
    """(page, its text) of the saved pages that hold an article."""
    for path in sorted([*folder.glob("*.html"), *folder.glob("*.html.gz")]):
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        page = raw.decode("utf-8", "replace")
        text = trafilatura.extract(page)
        if text and len(text.split()) >= SHORTEST:
            yield page, text


def told(name: str, milliseconds: list[float], texts: list[str]) -> None:
    scaled = [time_ * WORDS / len(text.split()) for time_, text in zip(milliseconds, texts, strict=True)]
    print(
        f"{name}: median {statistics.median(milliseconds):.2f} ms, per {WORDS} words {statistics.median(scaled):.2f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.claims", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--megabyte", action="store_true")
    options = parser.parse_args()
    labelled = [row["text"] for row in rows("articles.jsonl") if row["lang"] == "en"]
    read_claims(article(labelled[0]))  # the lexicon is loaded once for all
    found = list(pages(options.folder))
    if found:
        texts = [text for _, text in found]
        told(f"trafilatura, {len(found)} pages", [clocked(lambda p=p: trafilatura.extract(p)) for p, _ in found], texts)
        told("claims, the same pages", [clocked(lambda t=t: read_claims(article(t))) for t in texts], texts)
    joined = ["\n".join(labelled[at : at + 4]) for at in range(0, len(labelled) - 3, 4)]
    told("claims, labelled articles in fours", [clocked(lambda t=t: read_claims(article(t))) for t in joined], joined)
    if options.megabyte:
        long = ("\n".join(labelled) * 20)[:1_000_000]
        print(f"claims, 1 MB: {clocked(lambda: read_claims(article(long))) / 1000:.2f} s")


if __name__ == "__main__":
    main()
