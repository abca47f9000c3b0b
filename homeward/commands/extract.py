"""homeward extract: what an article says, without any database."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

import desk
from extraction.addresses import is_http
from extraction.pages import article_from_text, read_page
from homeward.apart import read_apart
from homeward.children import FetchError, fetch
from homeward.contract import reading_json
from homeward.frame import CONFIG, Setup, with_setup
from homeward.lines import LANG, STDIN, LineError, check_published, open_bytes, read_lines
from homeward.marked import marked
from records.news import Article, Page

LARGEST = 32 * 1024 * 1024  # bytes of one page or text


@click.command("extract", epilog="Example: homeward extract page.html --url https://example.org/2019/07/15/home. "
               "Many at once: homeward extract --jsonl < articles.jsonl > claims.jsonl")
@with_setup
@click.argument("target", metavar="[FILE|URL|-]", default=STDIN)
@click.option("--text", "as_text", is_flag=True, help="FILE (or standard input) is plain text and not a page; "
              "what is no file's name is taken for the text itself.")
@click.option("--jsonl", is_flag=True, help="Standard input (or FILE) has one article a line: "
              '{"id", "url", "outlet", "title", "published", "lang", "text"}; only "text" is required.')
@click.option("--url", help="The address that the page or text comes from.")
@click.option("--title", help="The headline of a text.")
@click.option("--published", metavar="ISO", help="When the text was published: relative dates depend on it.")
@click.option("--lang", metavar="TAG", help="The language of the text, where you know it.")
@click.option("--json", "as_json", is_flag=True, help="The claims as a JSON object instead of the marked text.")
def command(setup: Setup, target: str, as_text: bool, jsonl: bool, url: str | None, title: str | None,
            published: str | None, lang: str | None, as_json: bool) -> int:
    """Read a saved page, an address or a text, and print its claims, figures and officials, each with its evidence.

    With --jsonl, one JSON object is printed for each line and in its order; a line that is no article gives an object
    with "error", a sentence on standard error, and exit code 1 in the end.
    """
    if jsonl:
        return _jsonl(target)
    if published:
        check_published(published, "--published")
    if lang and not LANG.fullmatch(lang):
        raise LineError(f'--lang is no BCP 47 language such as "ar": {lang[:40]}')
    if url and not is_http(url):
        raise LineError(f"--url is no http(s) address: {url[:80]}")
    article = _article(setup, target, as_text=as_text, url=url, title=title, published=published, lang=lang)
    reading = desk.read(article)
    if as_json:
        click.echo(json.dumps(reading_json(article.url or target, reading), ensure_ascii=False, indent=2))
    else:
        click.echo(marked(reading))
    return 0


def _jsonl(target: str) -> int:
    wrong = 0
    with open_bytes(target) as lines:
        for line in read_lines(lines, "standard input" if target == STDIN else target):
            if line.article is None:
                wrong += 1
                click.echo(f"homeward: {line.error}", err=True)
                answer: dict[str, object] = {"id": line.id, "error": line.error}
            else:
                answer = reading_json(line.id, desk.read(line.article))
            sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
            sys.stdout.flush()  # whoever feeds us line by line is answered line by line
    return 1 if wrong else 0


def _article(setup: Setup, target: str, *, as_text: bool, url: str | None, title: str | None, published: str | None,
             lang: str | None) -> Article:
    if is_http(target) and not as_text:
        config_path = setup.config_path if setup.named or CONFIG.exists() else None
        fetched = fetch(target, config_path, datetime.now(UTC))
        if fetched.page is None:
            raise FetchError(fetched.why or f"{target} could not be had ({fetched.outcome})")
        return _override(read_apart(read_page, target, fetched.page), title=title, published=published, lang=lang)
    body = _read(target, as_text=as_text)
    if as_text or not _is_markup(body):
        return article_from_text(body.decode("utf-8", "replace"), title=title, published=published, lang=lang, url=url)
    page = Page(url=url or "", requested_url=url or "", status=200, content_type="text/html", body=body,
                fetched_at=datetime.now(UTC))
    return _override(read_apart(read_page, target, page), title=title, published=published, lang=lang)


def _read(target: str, *, as_text: bool) -> bytes:
    if as_text and target != STDIN and not _is_file(target):
        return target.encode()
    with open_bytes(target) as file:
        return file.read(LARGEST)


def _is_file(target: str) -> bool:
    try:
        return Path(target).is_file()
    except (OSError, ValueError):  # longer than a name may be, or with a NUL in it
        return False


def _is_markup(body: bytes) -> bool:
    return body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _override(article: Article, *, title: str | None, published: str | None, lang: str | None) -> Article:
    """The page as read, with what the person knows better."""
    return replace(article, title=title or article.title, published=published or article.published,
                   lang=lang or article.lang)
