"""What an outlet sends, as bytes: feed, pages, robots.txt. Same stories, same bytes (the ETag is made of them)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from homeward.newsroom.stories import Outlet, Story

FEED_TYPES = {
    "rss": "application/rss+xml", "atom": "application/atom+xml", "sitemap": "application/xml",
    "listing": "text/html", "html": "text/html",
}
ROBOTS = "User-agent: *\nDisallow: /account/\nDisallow: /search\n"
templates = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True,
                        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
templates.filters["rfc822"] = format_datetime
templates.filters["iso"] = datetime.isoformat


def current(stories: Sequence[Story]) -> list[Story]:
    """The stories that stand, newest first: of several with one path, only the last (the page was edited)."""
    by_path = {story.path: story for story in stories}
    return sorted(by_path.values(), key=lambda story: story.published, reverse=True)


def entry_id(outlet: Outlet, story: Story) -> str:
    """What the feed calls it; an edited page keeps the id of the first story at its path."""
    return next((first.id for first in outlet.stories if first.path == story.path), story.id)


def newest(stories: Sequence[Story]) -> datetime:
    return max((story.published.astimezone(UTC) for story in stories), default=datetime(2019, 1, 1, tzinfo=UTC))


def feed(outlet: Outlet, stories: Sequence[Story], base: str) -> bytes:
    """The outlet's feed, listing or news sitemap with these stories, all addresses under `base`."""
    text = templates.get_template(f"{outlet.feed}.xml.j2").render(
        outlet=outlet, stories=current(stories), base=base, newest=newest(stories), entry_id=entry_id)
    return text.encode(outlet.charset)


def page(outlet: Outlet, story: Story, stories: Sequence[Story], base: str) -> bytes:
    """A story's page with all that surrounds an article on a real one."""
    others = [other for other in current(stories) if other.path != story.path][:4]
    text = templates.get_template(outlet.template).render(
        outlet=outlet, story=story, others=others, base=base, declared=_declared(outlet, story, base))
    return text.encode(outlet.charset, "xmlcharrefreplace")


def front_page(outlet: Outlet, stories: Sequence[Story], base: str) -> bytes:
    text = templates.get_template("front.html.j2").render(outlet=outlet, stories=current(stories), base=base)
    return text.encode(outlet.charset, "xmlcharrefreplace")


def _declared(outlet: Outlet, story: Story, base: str) -> str:
    """The page's JSON-LD, safe inside a script element."""
    said = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": story.title, "inLanguage": outlet.lang,
        "datePublished": story.published.isoformat(), "mainEntityOfPage": base + story.path,
        "publisher": {"@type": "Organization", "name": outlet.name},
        **({"author": {"@type": "Person", "name": story.author}} if story.author else {}),
    }
    return json.dumps(said, ensure_ascii=False).replace("<", "\\u003c")
