"""What every verb has in common: --config and --db, the opened store, times and spans on the command line."""

from __future__ import annotations

import functools
import os
import re
import shlex
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

import config
from config.model import Config
from records.errors import ConfigError, StoreError
from storage import Store

CONFIG = Path("homeward.toml")
SPAN = re.compile(r"(\d+)\s*(m|h|d|w)")
EARLIEST, LATEST = 1900, 2200  # years that --now may name: spans back and waits ahead stay within what dates can say
ROW = click.IntRange(1, 2**63 - 1)  # a number that a table may have given
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What stood before the verb."""

    config_path: Path | None = None
    database: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Which config and which database a verb works with."""

    config_path: Path
    named: bool  # the config was named on the command line
    database: Path | None

    def config(self) -> Config:
        """The config, with --db in the place of its database. Raises ConfigError."""
        loaded = config.load(self.config_path, os.environ)
        return replace(loaded, database=self.database) if self.database else loaded

    def config_or_none(self) -> Config | None:
        """The config, or None where there is none and --db makes it unnecessary."""
        if self.database and not self.named and not self.config_path.exists():
            return None
        return self.config()

    def store(self, *, write: bool = False) -> Store:
        """The store, to read from; made and brought up to date first where it is to be written to."""
        loaded = self.config_or_none()
        path = loaded.database if loaded else self.database
        assert path is not None, "without a config there is --db"
        if write:
            return Store.open(path)
        try:
            return Store.open(path, readonly=True)
        except StoreError:
            if not path.is_file():
                raise
        Store.open(path, create=False).close()  # brings an older file up to date, or says what is wrong with it
        return Store.open(path, readonly=True)


def with_setup(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb --config and --db, and a Setup as its first argument."""

    def wrapped(ctx: click.Context, /, *, config_path: Path | None, database: Path | None, **rest: Any) -> Any:
        before = ctx.obj if isinstance(ctx.obj, Defaults) else Defaults()
        named = config_path or before.config_path
        return verb(Setup(config_path=named or CONFIG, named=named is not None,
                          database=database or before.database), **rest)

    options = (click.option("--config", "config_path", type=click.Path(path_type=Path),
                            help="The config; homeward.toml by default."),
               click.option("--db", "database", type=click.Path(path_type=Path),
                            help="The database, instead of the config's."))
    found: Callable[..., Any] = click.pass_context(functools.update_wrapper(wrapped, verb))
    for option in options:
        found = option(found)
    return found


class Country(click.ParamType[str]):
    """An ISO 3166-1 code of two letters, small or capital."""

    name = "CODE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not re.fullmatch(r"[A-Za-z]{2}", value):
            self.fail(f'"{value}" is no ISO 3166-1 code of two letters, such as RU or FR.', param, ctx)
        return str(value).upper()


class Moment(click.ParamType[datetime]):
    """An ISO 8601 time; without a zone it is UTC."""

    name = "ISO"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f'"{value}" is not a time; write it as 2026-11-24 or 2026-11-24T18:00+00:00.', param, ctx)
        if not EARLIEST <= moment.year <= LATEST:
            self.fail(f'"{value}" is no time to work in; name a year from {EARLIEST} to {LATEST}.', param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Since(click.ParamType[timedelta | datetime]):
    """A span back from now ("24h", "7d") or an ISO 8601 time."""

    name = "SPAN|ISO"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta | datetime:
        if isinstance(value, timedelta | datetime):
            return value
        span = SPAN.fullmatch(value.strip())
        if span:
            try:
                return timedelta(**{UNITS[span[2]]: int(span[1])})
            except OverflowError:
                self.fail(f'"{value}" is longer than time is counted here.', param, ctx)
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f'"{value}" is neither a span such as 24h, 7d or 2w nor a time such as 2026-11-24.', param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def since_moment(since: timedelta | datetime, now: datetime) -> datetime:
    """The moment that a `--since` means."""
    try:
        return now - since if isinstance(since, timedelta) else since
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def now_option(verb: Callable[..., Any]) -> Callable[..., Any]:
    """--now: the present, for looking at another day; the real one where it is not given."""
    return click.option("--now", type=Moment(), callback=lambda ctx, param, value: value,
                        help="Take this for the present time: to replay a day. The clock runs on from there.")(verb)


def typed(program: str = "homeward") -> str:
    """How this program is called from here: by its name where the shell finds it, else by its path."""
    beside = Path(sys.executable).parent / program
    known = shutil.which(program)
    if known and os.path.realpath(known) == os.path.realpath(beside):
        return program
    near = os.path.relpath(beside)
    return shlex.quote(str(beside) if near.startswith("..") else near)


def present(now: datetime | None) -> datetime:
    return now or datetime.now(UTC)


def need_endpoints(loaded: Config) -> Config:
    """The config, unless it watches nothing. Raises ConfigError."""
    if not loaded.endpoints:
        raise ConfigError(f"{loaded.path} watches nothing; add ids to its catalogue, or a [[source]] with an endpoint")
    return loaded
