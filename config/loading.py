"""`homeward.toml` → `Config`. Reads files, never the network; a fault is a ConfigError that says where and what."""

from __future__ import annotations

import ipaddress
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config.catalogue import expand, queries
from config.complaints import complaint
from config.model import Archive, Config, CrawlSettings, DaemonSettings, ServicesSettings, StoreSettings
from config.plans import Network, plans
from config.secrets import resolve
from config.settings import (
    AppriseTable,
    Crawl,
    Daemon,
    DigestTable,
    EmailTable,
    Settings,
    SlackBotTable,
    SlackWebhookTable,
    WebhookTable,
)
from config.source_tables import SourceTable
from records.errors import ConfigError
from records.news import Source
from records.telling import Channel, Subscription


def load(path: Path, env: Mapping[str, str]) -> Config:
    """Read and check the config at `path`. Raises ConfigError.

    A secret that is not there does not stop the loading, for most commands send nothing: `missing_secrets` names it.
    """
    return load_text(_read(path), env, path)


def load_text(text: str, env: Mapping[str, str], path: Path = Path("homeward.toml")) -> Config:
    """The same for a config that is not in a file yet; `path` is what errors call it."""
    data = _parse(text, path)
    try:
        settings = Settings.model_validate(data)
    except ValidationError as error:
        raise complaint(path, error, data) from error
    return replace(_config(settings, path, env), text=text)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError as error:
        raise ConfigError(f"there is no config at {path}; write one with `homeward init`, or name another with "
                          "--config") from error
    except IsADirectoryError as error:
        raise ConfigError(f"{path} is a folder; name the file in it with --config") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise ConfigError(f"{path} can't be read ({error.strerror}); check its permissions") from error


def _parse(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error


def _config(settings: Settings, path: Path, env: Mapping[str, str]) -> Config:
    folder = path.resolve().parent
    crawl, networks = _crawl(settings.crawl, path)
    tables = [*expand(settings.catalogue, path), *settings.source]
    _refuse_twins("[[source]]", [table.id for table in tables], path)
    _refuse_twins("[[channel]]", [table.id for table in settings.channel], path)
    _refuse_twins("[[subscription]]", [table.id for table in settings.subscription], path)
    channels = {table.id: _channel(table, folder, env) for table in settings.channel}
    for table in settings.channel:
        if table.fallback is not None and (table.fallback not in channels or table.fallback == table.id):
            raise ConfigError(f'{path}: [[channel]] "{table.id}" has fallback = "{table.fallback}", which is no other '
                              "[[channel]]")
    for told in settings.subscription:
        if told.channel not in channels:
            raise ConfigError(f'{path}: [[subscription]] "{told.id}" names the channel "{told.channel}", which no '
                              f"[[channel]] has; there {'are ' + ', '.join(channels) if channels else 'is none'}")
    asked = {**queries(), **settings.queries}
    endpoints = tuple(plan for table in tables for endpoint in table.endpoint
                      for plan in plans(table, endpoint, settings, networks=networks, asked=asked, path=path))
    _refuse_twins("[[source.endpoint]]", [plan.url for plan in endpoints], path)
    return Config(path=path, database=folder / Path(settings.database).expanduser(), crawl=crawl, queries=asked,
                  services=ServicesSettings(**settings.services.model_dump(exclude={"reliefweb_appname"})),
                  daemon=_daemon(settings.daemon, path, folder, env),
                  store=StoreSettings(**settings.store.model_dump()),
                  sources=tuple(_source(table) for table in tables), endpoints=endpoints, channels=channels,
                  subscriptions=tuple(Subscription(**told.model_dump()) for told in settings.subscription),
                  archive=_archive(settings.digest, folder, path))


def _archive(table: DigestTable, folder: Path, path: Path) -> Archive | None:
    if table.archive is None and table.public_url is not None:
        raise ConfigError(f"{path}: [digest] has a public_url and no archive; name the folder that is served there")
    if table.archive is None:
        return None
    url = table.public_url.rstrip("/") if table.public_url else None
    return Archive(folder=folder / Path(table.archive).expanduser(), url=url)


def _refuse_twins(table: str, ids: Iterable[str], path: Path) -> None:
    seen: set[str] = set()
    for each in ids:
        if each in seen:
            raise ConfigError(f'{path}: {table} "{each}" is there twice; keep one of them')
        seen.add(each)


def _crawl(table: Crawl, path: Path) -> tuple[CrawlSettings, list[Network]]:
    networks: list[Network] = []
    for text in table.allow_networks:
        try:
            networks.append(ipaddress.ip_network(text))
        except ValueError as error:
            raise ConfigError(f'{path}: [crawl]: allow_networks has "{text}", which is no network ({error}); write '
                              '"10.1.0.0/16" or "::1/128"') from error
    if table.min_interval > table.max_interval:
        raise ConfigError(f"{path}: [crawl]: min_interval = {table.min_interval:g} is above max_interval = "
                          f"{table.max_interval:g}")
    kept = {each.name for each in fields(CrawlSettings)}
    return CrawlSettings(**{name: value for name, value in table.model_dump().items() if name in kept}), networks


def _daemon(table: Daemon, path: Path, folder: Path, env: Mapping[str, str]) -> DaemonSettings:
    ping = resolve(table.ping_env, table.ping_file, folder, env)
    return DaemonSettings(health=_health(table, path), ping=ping.value or table.ping, ping_from=ping.described,
                          stale_hours=table.stale_hours, log=table.log)


def _health(table: Daemon, path: Path) -> tuple[str, int] | None:
    if table.health is None:
        return None
    host, _, port = table.health.rpartition(":")
    host = {"localhost": "127.0.0.1"}.get(host, host.strip("[]"))
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError as error:
        raise ConfigError(f'{path}: [daemon]: health = "{table.health}" must be an address and a port, such as '
                          '"127.0.0.1:9321"') from error
    if int(port) > 65535:
        raise ConfigError(f'{path}: [daemon]: health = "{table.health}" has no port; they end at 65535')
    if not loopback and not table.health_open:
        raise ConfigError(f'{path}: [daemon]: health = "{table.health}" is reached from other machines; take '
                          "127.0.0.1, or say health_open = true and put a firewall before it")
    return host, int(port)


def _source(table: SourceTable) -> Source:
    return Source(id=table.id, name=table.name, kind=table.kind, country=table.country, languages=table.languages,
                  state_media=table.state_media, mirrors=table.mirrors)


def _channel(table: EmailTable | SlackWebhookTable | SlackBotTable | WebhookTable | AppriseTable, folder: Path,
             env: Mapping[str, str]) -> Channel:
    to: tuple[str, ...] = ()
    settings: dict[str, str | int | bool | float | None] = {}
    if isinstance(table, EmailTable):
        settings = {
            "from": table.sender, "host": table.host, "port": table.port, "tls": table.tls, "user": table.user,
            "unsubscribe": table.unsubscribe,
            "ca_file": str(folder / Path(table.ca_file).expanduser()) if table.ca_file else None}
        to, name, secret = table.to, table.password_env, table.password_file
    elif isinstance(table, SlackBotTable):
        settings, to = {"base_url": table.base_url}, (table.channel,)
        name, secret = table.token_env, table.token_file
    elif isinstance(table, WebhookTable):
        settings, name, secret = {"url": table.url}, table.key_env, table.key_file
    else:
        settings = {} if isinstance(table, AppriseTable) else {"base_url": table.base_url}
        name, secret = table.url_env, table.url_file
    found = resolve(name, secret, folder, env)
    timeout = {} if isinstance(table, AppriseTable) else {"timeout": int(table.timeout)}
    settings |= {**timeout, "secret_from": found.described}
    return Channel(id=table.id, kind=table.kind, to=to, secret=found.value, fallback=table.fallback,
                   settings={key: value for key, value in settings.items()
                             if isinstance(value, str | int | bool)})
