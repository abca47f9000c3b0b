"""`homeward`: the one command. Verbs are loaded when they are asked for, so that `--help` and `--version` are quick."""

from __future__ import annotations

import difflib
import importlib
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from homeward.frame import Defaults
from records.errors import HomewardError

VERBS = {  # verb → (module in homeward.commands, one line)
    "init": ("init", "Write a commented homeward.toml from the bundled catalogue."),
    "check": ("check", "Check the config, the database, the channels and the sources."),
    "run": ("run", "Run the daemon in the foreground; --once does what is due and exits."),
    "crawl": ("crawl", "Crawl now, with progress on the terminal."),
    "digest": ("digest", "Show or send a digest of what changed."),
    "events": ("events", "List the ledger's events."),
    "show": ("show", "Show one event: claims, quotes, disputes, revisions."),
    "why": ("why", "Say what became of an address or of a word: seen, dropped, merged, told to whom."),
    "rescue": ("rescue", "Take a dropped address back in."),
    "review": ("review", "Go through what is doubtful: accept, correct, reject, merge, split."),
    "rejudge": ("rejudge", "Judge the whole archive anew; shows what would change before it does."),
    "sources": ("sources", "List, add, import, export, pause and look after the sources."),
    "status": ("status", "Say how the collecting and the telling are doing; exit 1 when stale."),
    "backup": ("backup", "Write a consistent copy of the database while the daemon runs."),
    "extract": ("extract", "Read an article and print its claims; touches no database."),
    "import": ("import_", "Take articles in as JSON Lines."),
    "export": ("export", "Write events, claims, figures or articles out."),
    "demo": ("demo", "Show the whole journey on a small newsroom on this machine."),
}


class Verbs(click.Group):
    """The verbs, in the order a newcomer meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command = importlib.import_module(f"homeward.commands.{VERBS[cmd_name][0]}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(self, ctx: click.Context,
                        args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in VERBS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], VERBS, n=1)
            ctx.fail(f"there is no verb '{args[0]}'{f'; did you mean {near[0]}?' if near else '.'}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            code: object = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:  # the reader of our output (head, less) has seen enough; click would exit with 1
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        return code

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl([(verb, told) for verb, (_, told) in VERBS.items()])


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]},
             epilog="Start with `homeward init`, then `homeward crawl`, then `homeward digest --since 7d --backfill`. "
                    "`homeward VERB --help` has an example for each verb.")
@click.version_option(package_name="homeward", message="homeward %(version)s")
@click.option("--config", "config_path", type=click.Path(path_type=Path), help="The config; homeward.toml by default.")
@click.option("--db", "database", type=click.Path(path_type=Path), help="The database, instead of the config's.")
@click.pass_context
def cli(ctx: click.Context, config_path: Path | None, database: Path | None) -> None:
    """Homeward keeps a ledger of people coming home from the Daesh years: every number one click from its sentence."""
    ctx.obj = Defaults(config_path=config_path, database=database)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a verb and end the process: 0 done, 1 ran and something is wrong, 2 bad usage."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:  # noqa: PLR0911 - one for each way to end
    """Run a verb and return its exit code. What goes wrong is one sentence on standard error, never a traceback."""
    try:
        code = cli.main(args=arguments, prog_name="homeward", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.NoArgsIsHelpError as asked:
        click.echo(asked.format_message())
        return 2
    except click.UsageError as error:
        verb = f" {error.ctx.info_name}" if error.ctx is not None and error.ctx.parent is not None else ""
        return _say(f"{error.format_message()} See `homeward{verb} --help`.", 2)
    except click.ClickException as error:
        return _say(error.format_message(), error.exit_code)
    except HomewardError as error:
        return _say(str(error), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        return _say("stopped", 1)
    except Exception as error:  # noqa: BLE001 - the last line of defence: a bug is told with the place of its log
        return _bug(error)


def _say(sentence: str, code: int) -> int:
    click.echo(f"homeward: {' '.join(sentence.split())}", err=True)
    return code


def _bug(error: Exception) -> int:
    if os.environ.get("HOMEWARD_DEBUG"):
        traceback.print_exc()
        return 1
    path = _log(error)
    told = f"; the details are in {path}" if path else ""
    return _say(f"a fault of Homeward's own ({type(error).__name__}: {error}){told}. Please report it; "
                "HOMEWARD_DEBUG=1 shows where it happened", 1)


def _log(error: Exception) -> Path | None:
    """Add the traceback to the log of faults; None where no place can be written."""
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "homeward"
    for folder in (state, Path(tempfile.gettempdir()) / f"homeward-{os.getuid()}"):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with (folder / "faults.log").open("a", encoding="utf-8") as file:
                file.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {' '.join(sys.argv)}\n"
                           f"{''.join(traceback.format_exception(error))}\n")
            return folder / "faults.log"
        except OSError:
            continue
    return None


if __name__ == "__main__":
    main()
