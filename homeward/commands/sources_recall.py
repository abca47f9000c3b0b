"""homeward sources recall: what archives know of this news and we don't."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

import click

from config.model import Config
from extraction.addresses import host_of
from extraction.archives import Reported, read_captures, read_stories
from homeward.apart import Apart
from homeward.children import Fetched, fetch
from homeward.frame import Setup, Since, now_option, present, with_setup
from homeward.shown import counted, cut, table
from records.errors import ConfigError, HomewardError
from records.news import Page
from storage import Store

MEDIA_CLOUD_PAUSE = 30.0  # seconds between two requests: its own client asks twice a minute
WAYBACK_PAUSE = 3.0  # a list of captures may be asked for 24 times a minute; who ignores a 429 is shut out for an hour
MOST_PAGES = 5  # of Media Cloud, of 100 stories each
MOST_CAPTURES = 5_000  # of one host


@click.command("recall", short_help="What archives know of this news and we don't.",
               epilog="Example: homeward sources recall --since 7d --wayback --source rudaw")
@with_setup
@click.option("--since", type=Since(), default="7d", show_default=True, help="How far back, or since when.")
@click.option("--media-cloud", is_flag=True, help="Ask Media Cloud; its key in the variable that [services] names.")
@click.option("--wayback", is_flag=True, help="Ask the Wayback Machine for each host of --source.")
@click.option("--language", default="en", show_default=True, metavar="TAG", help="Whose [queries] to ask.")
@click.option("--source", "sources", multiple=True, metavar="ID", help="Only this source.")
@click.option("--json", "as_json", is_flag=True, help="A JSON array of addresses.")
@now_option
def recall(setup: Setup, since: timedelta | datetime, media_cloud: bool, wayback: bool, language: str,
           sources: Sequence[str], as_json: bool, now: datetime | None) -> int:
    """List addresses of this news that an archive knows and that we never met.

    Nothing is stored; `homeward sources add` and `homeward rescue` are the ways on. Exit code 1 when there are any.
    """
    loaded, at = setup.config(), present(now)
    if media_cloud == wayback:
        raise click.UsageError("say --media-cloud or --wayback, one of them.")
    unknown = [each for each in sources if each not in loaded.sources_by_id]
    if unknown or (wayback and not sources):
        raise ConfigError(f'{loaded.path} has no source "{unknown[0]}"' if unknown else
                          "--wayback needs a --source: a host is asked for all that was kept of it")
    start = at - since if isinstance(since, timedelta) else since
    with Apart() as child:
        found = list(_stories(loaded, language, sources, start, at, child) if media_cloud else
                     _captures(loaded, sources, start, at, child))
    reported = {one.url: one for one in found}
    with Store.open(loaded.database) as store:
        never = store.never_met(reported)
    missed = [one for url, one in reported.items() if url in never]
    _show(missed, len(reported), as_json)
    return 1 if missed else 0


def _show(missed: Sequence[Reported], of: int, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([asdict(one) for one in missed], ensure_ascii=False, indent=2))
        return
    if missed:
        click.echo(table(("day", "outlet", "title", "address"),
                         [(one.day or "", cut(one.outlet or host_of(one.url), 24), cut(one.title or "", 60), one.url)
                          for one in missed]))
    click.echo(f"{counted(of, 'address', 'addresses')} of this news there, {len(missed)} of them never met here.")


def _stories(loaded: Config, language: str, sources: Sequence[str], start: datetime, end: datetime,
             child: Apart) -> Iterator[Reported]:
    key_env = loaded.services.mediacloud_key_env
    if not os.environ.get(key_env):
        raise ConfigError("Media Cloud wants a key: make an account at https://search.mediacloud.org, and put its key "
                          f"into the environment variable {key_env}")
    words = loaded.queries.get(language)
    if not words:
        raise ConfigError(f'there are no [queries] for "{language}"; there are for {", ".join(sorted(loaded.queries))}')
    query = " OR ".join(f'"{word}"' if " " in word or "-" in word else word for word in words)
    if sources:
        domains = " OR ".join(sorted({_domain(url) for url in _addresses(loaded, sources)}))
        query = f"({query}) AND canonical_domain:({domains})"
    asked = {"q": query, "start": f"{start:%Y-%m-%d}", "end": f"{end:%Y-%m-%d}", "platform": "onlinenews-mediacloud",
             "page_size": "100"}
    token: str | None = None
    for page in range(MOST_PAGES):
        if page:
            time.sleep(MEDIA_CLOUD_PAUSE)
        more = {"pagination_token": token} if token else {}
        url = f"{loaded.services.mediacloud_url.rstrip('/')}/search/story-list?{urlencode(asked | more)}"
        got = _had(fetch(url, loaded.path, end, key_env=key_env))
        stories, token = child.read(read_stories, url, got.body, url)
        yield from stories
        if token is None:
            return


def _captures(loaded: Config, sources: Sequence[str], start: datetime, end: datetime,
              child: Apart) -> Iterator[Reported]:
    hosts: dict[str, str | None] = {}  # with the pattern of one of their listings
    for plan in loaded.endpoints:
        if plan.source_id in sources:
            host = urlsplit(plan.url).netloc
            hosts[host] = hosts.get(host) or plan.link_pattern
    for number, (host, pattern) in enumerate(hosts.items()):
        if number:
            time.sleep(WAYBACK_PAUSE)
        url = f"{loaded.services.wayback_url}?" + urlencode({
            "url": f"{host}/*", "output": "json", "fl": "timestamp,original", "filter": "statuscode:200",
            "collapse": "urlkey", "from": f"{start:%Y%m%d}", "to": f"{end:%Y%m%d}", "limit": str(MOST_CAPTURES)})
        got = _had(fetch(url, loaded.path, end))
        yield from child.read(read_captures, url, got.body, url, pattern)


def _had(fetched: Fetched) -> Page:
    if fetched.page is None:
        raise HomewardError(fetched.why or f"{fetched.url}: {fetched.outcome}")
    return fetched.page


def _addresses(loaded: Config, sources: Sequence[str]) -> list[str]:
    return [plan.url for plan in loaded.endpoints if plan.source_id in sources]


def _domain(url: str) -> str:
    return host_of(url).removeprefix("www.")
