"""Saves a page or a feed as a test case: ./run.sh capture FILE NAME [--url ADDRESS] [--kind page|feed|sitemap|listing]

A case is a folder under tests/cases/pages or tests/cases/feeds: the bytes as they came, and `expected.json` with how
they were asked for and what reading them must give. Capturing writes what reading gives today: look at it before you
commit it.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import shutil
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from extraction.feeds import read_feed
from extraction.markup import kind_of
from extraction.pages import read_page
from records.errors import UnreadableError
from records.news import EndpointKind, HowToRead, Page, Source

CASES = Path(__file__).parent / "cases"
NOT_ASKED = {"fetched_at", "source_id"}  # fields of an article that only repeat how it was asked for


def read_case(folder: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """What reading the case gives, as JSON: the article or feed without its empty fields, or why it can't be read."""
    body, at = (folder / asked["file"]).read_bytes(), datetime.fromisoformat(asked["at"])
    try:
        if folder.parent.name == "pages":
            source = Source(**asked["source"]) if "source" in asked else None
            page = Page(url=asked["url"], requested_url=asked.get("requested_url", asked["url"]), status=200, body=body,
                        content_type=asked.get("content_type"), fetched_at=at)
            return _plain(read_page(page, source=source))
        return _plain(read_feed(body, url=asked["url"], content_type=asked.get("content_type"), now=at,
                                kind=EndpointKind(asked["kind"]), how=HowToRead(
                                    link_pattern=asked.get("link_pattern"), select=asked.get("select"))))
    except UnreadableError as error:
        return {"unreadable": error.rule, "why": str(error)}


def _plain(record: Any) -> dict[str, Any]:
    found = {key: value for key, value in dataclasses.asdict(record).items() if key not in NOT_ASKED}
    cleaned = _without_empty(found)
    assert isinstance(cleaned, dict)
    return cleaned


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_empty(one) for key, one in value.items() if one not in (None, (), "", False)}
    if isinstance(value, list | tuple):
        return [_without_empty(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def capture(file: Path, name: str, *, url: str, kind: str, at: datetime, more: dict[str, Any]) -> Path:
    """Write the case folder and return it; a case of that name is replaced."""
    page = kind == "page"
    folder = CASES / ("pages" if page else "feeds") / name
    folder.mkdir(parents=True, exist_ok=True)
    stored = folder / ("page.html" if page else "feed" + (file.suffix or ".xml"))
    if stored.resolve() != file.resolve():
        shutil.copyfile(file, stored)
    asked = {"file": stored.name, "url": url, "at": at.isoformat(), **({} if page else {"kind": kind}), **more}
    case = {"asked": asked, "expected": read_case(folder, asked)}
    (folder / "expected.json").write_text(json.dumps(case, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return folder


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run.sh capture", description=(__doc__ or "").partition("\n\n")[2])
    parser.add_argument("file", type=Path, help="the saved page or feed")
    parser.add_argument("name", help="short-and-telling: the folder's name")
    parser.add_argument("--url", help="the address it came from (default: example.org)")
    parser.add_argument("--kind", choices=["page", *EndpointKind], help="default: told by its content")
    parser.add_argument("--content-type", help="the header it came with")
    parser.add_argument("--link-pattern", help="for a listing")
    parser.add_argument("--select", help="for a listing: the CSS selector of the boxes to look in")
    parser.add_argument("--at", type=datetime.fromisoformat, help="when it was fetched (default: the file's own time)")
    given = parser.parse_args(arguments)
    if not given.file.is_file():
        print(f"capture: there is no file {given.file}", file=sys.stderr)
        return 2
    text = given.file.read_bytes().decode("utf-8", "replace")
    kind = given.kind or ({"html": "page", "sitemap": "sitemap"}.get(kind_of(text), "feed"))
    at = given.at or datetime.fromtimestamp(int(given.file.stat().st_mtime), UTC)
    more = {"content_type": given.content_type, "link_pattern": given.link_pattern, "select": given.select}
    folder = capture(given.file, given.name, url=given.url or f"https://example.org/{given.name}", kind=kind, at=at,
                     more={key: value for key, value in more.items() if value})
    print(f"{folder}: look at expected.json before you commit it")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
