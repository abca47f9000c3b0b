"""homeward backup: a copy that can be relied on, made while the daemon works."""

from __future__ import annotations

from pathlib import Path

import click

from homeward.frame import Setup, with_setup
from homeward.shown import counted


@click.command("backup", epilog="Example: homeward backup /mnt/usb/homeward-$(date +%F).db")
@with_setup
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace the file where it is there already.")
def command(setup: Setup, file: Path, force: bool) -> int:
    """Write a consistent copy of the database to FILE, whether the daemon runs or not.

    The copy is checked (integrity, row counts) before it gets its name: FILE is whole, or it is not there. To restore
    it, stop the daemon and put it in the database's place; docs/running.md has the steps.
    """
    with setup.store() as store:
        made = store.copy_to(file, force=force)
    click.echo(f"{made.path}: {counted(made.articles, 'article')}, {counted(made.events, 'event')}, "
               f"{counted(made.deliveries, 'delivery', 'deliveries')}; {made.size / 1e6:.1f} MB, whole.")
    return 0
