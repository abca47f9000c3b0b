"""What an article says of people coming home: claims, figures and officials, each with its sentence.

    text | sentences | lexicon hits | counts, dates | frames | candidates | movements | figures, officials | Reading

General rules over lexicons that are data (`lexicons/*.toml`): a language is a file. Pure, linear in the length of the
text, and silent on any input: what can't be read says nothing.
"""

from __future__ import annotations

from extraction.claims import reading, topic
from extraction.claims.gazetteer import languages
from extraction.claims.lexicon import lexicon
from extraction.claims.topic import Topic
from records.claims import Reading
from records.news import Article

__all__ = ["Topic", "look", "read_claims"]


def read_claims(article: Article, *, wanted: bool = False) -> Reading:
    """All that one article says. A text in a language without a lexicon is judged by names only.

    `wanted`: a person asked for this very article; it is read whatever its topic seems to be.
    """
    return reading.read(article.title, article.text, article.lang or "und", article.published, wanted=wanted)


def look(title: str | None, summary: str | None, lang: str | None = None) -> Topic:
    """A cheap look at an entry before its page is fetched: recall first, drops only what is surely off-topic.

    Without a known language every lexicon is asked, and one that finds the topic is enough.
    """
    text, title_end = reading.text_of(title, summary or "")
    base = (lang or "").split("-")[0].lower()
    asked = [base] if base in languages() else list(languages())
    found = [topic.glance(reading.prepare(text[:4_000], title_end, lexicon(code))) for code in asked]
    return next((answer for answer in found if answer.relevant), found[0])
