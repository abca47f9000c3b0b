"""`python -m crawler work` and `python -m crawler fetch`: the only places where Homeward fetches.

The reading children import this module too, so that nothing heavy may be imported at its top.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from records.errors import HomewardError


@click.group(help="Homeward's crawl worker. `homeward crawl` and `homeward run` start it; it can be started by hand.")
def main() -> None:
    """The group of verbs."""


@main.command(help="Visit what is due and file what is new; one JSON object a line on standard output.\n\n"
                   "Example: python -m crawler work --config homeward.toml --until-idle")
@click.option("--config", "config_path", type=click.Path(path_type=Path), default=Path("homeward.toml"),
              show_default=True)
@click.option("--db", type=click.Path(path_type=Path), help="Database; default: the config's.")
@click.option("--until-idle", is_flag=True, help="End when nothing is due; otherwise work until told to stop.")
@click.option("--source", "sources", multiple=True, metavar="ID", help="Only this source; may be repeated.")
@click.option("--every", is_flag=True, help="All endpoints, due or not.")
@click.option("--leashed", is_flag=True, help="End as soon as standard input closes: whoever started this has gone.")
@click.option("--text-fd", type=click.IntRange(min=3), help="An open file with the text of the config, which the one "
              "who starts this has checked; --config is then where it came from.")
@click.option("--now", type=click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d"]),
              help="Start the clock at this moment (UTC unless it says otherwise); it runs on from there.")
@click.option("--speed", type=click.FloatRange(min=1.0), default=1.0, hidden=True,
              help="The clock runs so many times faster: for playing a day through.")
def work(*, config_path: Path, db: Path | None, until_idle: bool, sources: tuple[str, ...], every: bool,
         leashed: bool, text_fd: int | None, now: datetime | None, speed: float) -> None:
    """Run the worker and end with its exit code."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # for the few numbers here; each thread takes memory of its own
    if leashed:
        from crawler import leash  # noqa: PLC0415 - not in the reading children

        leash.hold()
    from config import load, load_text  # noqa: PLC0415 - not in the reading children
    from crawler.machine import check_room  # noqa: PLC0415

    check_room()
    from crawler.main import Options, run  # noqa: PLC0415
    from crawler.rooms import rooms  # noqa: PLC0415

    config = load(config_path, os.environ) if text_fd is None else load_text(
        os.pread(text_fd, os.fstat(text_fd).st_size, 0).decode(), os.environ, config_path)
    if now is not None and now.tzinfo is None:
        now = now.replace(tzinfo=UTC)
    unknown = sorted(set(sources) - config.sources_by_id.keys())
    if unknown:
        raise click.UsageError(f"{config_path} has no source {unknown[0]!r}; it has {', '.join(config.sources_by_id)}")
    sys.exit(run(config, Options(database=db or config.database, sources=sources, every=every, until_idle=until_idle,
                                 now=now, speed=speed), rooms()))


@main.command(help="Fetch addresses under the crawl's guard, pace and limits, and print each answer as one line of "
                   "JSON, its body in base64.\n\nExample: python -m crawler fetch https://example.org/feed.xml")
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@click.option("--config", "config_path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--key-env", metavar="NAME", help="Send the key in this environment variable, as Authorization: Token.")
def fetch(urls: tuple[str, ...], config_path: Path | None, key_env: str | None) -> None:
    """Print the answers; exit code 1 when there is one too few."""
    from config import load  # noqa: PLC0415
    from config.model import CrawlSettings  # noqa: PLC0415
    from crawler.fetch import fetch_few  # noqa: PLC0415

    crawl = load(config_path, os.environ).crawl if config_path else CrawlSettings()
    sys.exit(fetch_few(urls, crawl, key=os.environ.get(key_env) if key_env else None))


if __name__ == "__main__":
    try:
        main(prog_name="python -m crawler", standalone_mode=True)
    except HomewardError as error:
        click.echo(f"crawler: {error}", err=True)
        sys.exit(error.exit_code)
