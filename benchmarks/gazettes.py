"""The farm of feeds for a benchmark of load: each new article tells of one of an endless row of events.

    python -m benchmarks.gazettes --feeds 5000

As benchmarks.peers.farm, with `/_ctl/tell?feed=N&story=M&at=SECONDS`: feed N has story M now, published then. Ten
stories in a row are of one event (a state, a camp, a day of the last weeks, so many children and women), told in
four ways, each with some three hundred words of other matter. `/a/N/K` is the page of entry K of feed N.
"""

from __future__ import annotations

import argparse
import asyncio
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from urllib.parse import parse_qs, urlsplit

from benchmarks.peers.farm import COUNTRIES, ENTRIES, HOSTS, WORDS, Farm

PER_EVENT = 10
DAYS = 45  # how long ago an event may be: what came home today and last month is told alike
TOLD = (
    ("{country} brought home {children} children and {women} women from {camp} camp in north-east Syria on {day}, the "
    "Foreign Ministry said."),
    ("A plane with {children} children and {women} women from {camp} camp in Syria landed in {country} on {day}, "
    "officials said."),
    ("{women} women and {children} children were repatriated from {camp} camp in Syria to {country} on {day}, the "
    "government announced."),
    ("On {day} {country} repatriated {children} children and {women} women who had been held in {camp} camp in "
    "north-east Syria, a spokesman said."),
)
TITLES = ("{country} brings home {children} children from {camp} camp", "{children} children flown home to {country}",
          "{women} women and {children} children return to {country} from Syria",
          "{country} repatriates {children} children from Syria")
PARAGRAPHS, SENTENCES, LONG = 5, 5, 12


@dataclass(frozen=True, slots=True)
class Told:
    story: int
    published: float  # seconds since 1970

    def fill(self, template: tuple[str, ...]) -> str:
        """A sentence or headline on the event; the same for the same story."""
        draw = random.Random(self.story // PER_EVENT)  # noqa: S311 - the same each time, no secret
        day = datetime.now(UTC) - timedelta(days=draw.randrange(1, DAYS))
        said = {"country": draw.choice(COUNTRIES), "children": draw.randrange(4, 90), "women": draw.randrange(3, 60),
                "camp": draw.choice(("al-Hol", "Roj")), "day": f"{day.day} {day:%B %Y}"}
        return template[self.story % len(template)].format(**said)


@dataclass
class Gazettes(Farm):
    """Feed `n` shows thirty entries of no interest, and above them what it was made to tell."""

    told: dict[int, list[Told]] = field(default_factory=dict)

    def _entry(self, n: int, k: int, host: str) -> str:
        if k < ENTRIES:
            return super()._entry(n, k, host)
        told = self.told[n][k - ENTRIES]
        return (f"<item><title>{told.fill(TITLES)}</title><link>http://{host}:{self.port}/a/{n}/{k}</link>"
                f'<guid isPermaLink="false">{n}-{k}</guid><pubDate>{formatdate(told.published)}</pubDate>'
                f"<description>{told.fill(TOLD)}</description></item>")

    def answer(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        parts = path.strip("/").split("/")
        if parts[0] != "a":
            return super().answer(path, headers)
        n, k = int(parts[1]), int(parts[2])
        told, words = self.told[n][k - ENTRIES], self._dice(n, k)
        title = told.fill(TITLES)
        text = "".join(f"<p>{'. '.join(' '.join(words.choices(WORDS, k=LONG)).capitalize() for _ in range(SENTENCES))}."
                       "</p>" for _ in range(PARAGRAPHS))
        page = (f"<html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>"
                f"<p>{told.fill(TOLD)}</p>{text}</article></body></html>")
        return 200, {"Content-Type": "text/html; charset=utf-8"}, page.encode()

    def control(self, path: str) -> bytes:
        asked = urlsplit(path)
        if asked.path.endswith("tell"):
            said = {key: float(value[0]) for key, value in parse_qs(asked.query).items()}
            feed = int(said["feed"])
            self.told.setdefault(feed, []).append(Told(int(said["story"]), said["at"]))
            self.versions[feed] += 1
        return super().control(path)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=5000)
    asked = parser.parse_args()
    farm = Gazettes(feeds=asked.feeds, port=0)
    first = await asyncio.start_server(farm.serve, HOSTS[0], 0, backlog=1024)
    farm.port = int(first.sockets[0].getsockname()[1])
    for host in HOSTS[1:]:
        await asyncio.start_server(farm.serve, host, farm.port, backlog=256)
    print(farm.port, flush=True)
    await first.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
