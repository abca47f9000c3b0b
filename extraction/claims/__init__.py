"""What an article says of people coming home: claims, figures and officials, each with its sentence.

    text | sentences | lexicon hits | counts, dates | frames | candidates | movements | figures, officials | Reading

General rules over lexicons that are data (`lexicons/*.toml`): a language is a file. Pure, linear in the length of the
text, and silent on any input: what can't be read says nothing.
"""

from __future__ import annotations

from functools import lru_cache

from extraction.claims import reading, topic
from extraction.claims.gazetteer import languages
from extraction.claims.lexicon import Lexicon, lexicon
from extraction.claims.tokens import APART
from extraction.claims.topic import Topic
from records.claims import Reading
from records.news import Article

__all__ = ["Topic", "look", "read_claims"]

GLANCED = 4_000  # characters of a summary; some feeds hold whole articles in it


def read_claims(article: Article, *, wanted: bool = False) -> Reading:
    """All that one article says. A text in a language without a lexicon is judged by names only.

    `wanted`: a person asked for this very article; it is read whatever its topic seems to be.
    """
    return reading.read(article.title, article.text, article.lang or "und", article.published, wanted=wanted)


def look(title: str | None, summary: str | None, lang: str | None = None) -> Topic:
    """A cheap look at an entry before its page is fetched: recall first, drops only what is surely off-topic.

    The declared language is asked, and all others whose words for this news stand in the text: feeds are silent about
    their language, or say "en-US" because their software does.
    """
    text, title_end = reading.text_of(title, (summary or "")[:GLANCED])
    base = (lang or "").split("-")[0].lower()
    declared = [base] if base in languages() else []
    words = frozenset(APART.split(text)[1::2])
    anchored = topic.anchored(words, _lexicons())
    answer = topic.NOTHING
    for code in (*declared, *(code for code in languages() if code != base)):
        if code not in declared and code not in anchored:
            continue
        looked = topic.glance(reading.prepare(text, title_end, lexicon(code)))
        if looked.relevant or (code in declared and looked is not topic.NOTHING):
            return looked  # the others, who know no word for survivors or migrants, would see the names alone
        answer = looked if answer is topic.NOTHING else answer
    return answer


@lru_cache(maxsize=1)
def _lexicons() -> tuple[Lexicon, ...]:
    return tuple(map(lexicon, languages()))
