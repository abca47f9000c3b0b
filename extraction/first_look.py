"""Whether an entry's page is worth fetching, from what the endpoint says of it."""

from __future__ import annotations

from extraction.addresses import words_in_address
from extraction.claims import Topic, look
from records.news import Entry

BY_CODE = "GDELT codes it as a return or release of people (CAMEO 084)"
UNTOLD = "neither a title nor its address says what it is about"
_SILENT = ("sitemap", "listing")  # where entries may have no words at all, and lead to an article all the same


def first_look(entry: Entry, version: str) -> Topic:
    """On topic or not by title and summary; without them by the words of the address, where it has some.

    What says nothing at all is off-topic in a feed and worth a look in a sitemap or a listing, where only pages that
    changed lately are entries. What GDELT codes is worth a look by its code: those rows have no words.
    """
    if entry.title or entry.summary:
        return look(entry.title, entry.summary, entry.lang)
    if version == "gdelt-export":
        return Topic(relevant=True, why=BY_CODE)
    words = words_in_address(entry.url) if entry.url else ""
    if words:
        return look(words, None, entry.lang)
    return Topic(relevant=True, why=UNTOLD) if version in _SILENT and entry.url else look(None, None, entry.lang)
