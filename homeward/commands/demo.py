"""homeward demo: three days of news in a newsroom on this machine."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click


@click.command("demo", epilog="Example: homeward demo --folder my-demo")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False),
              help="Where its database, mails and pages go; a new demo-… folder here by default.")
def command(folder: Path | None) -> int:
    """Crawl a small newsroom on loopback for three days of news, and show each day's digest. No network, no config."""
    from homeward.demo import run  # noqa: PLC0415 - loads servers that no other verb needs

    return run(folder or Path(f"demo-{datetime.now(UTC):%Y%m%d-%H%M%S}"), click.echo)
