"""Secrets: read from the environment or from a file, never from the config itself, and named when they are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.model import Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """What was found, and where it was looked for: "the environment variable SMTP_PASSWORD"; "" for nowhere."""

    value: str | None = field(repr=False)
    described: str = ""


def resolve(name: str | None, file: str | None, folder: Path, env: Mapping[str, str]) -> Secret:
    """The secret in the environment variable `name`, else in `file` (relative to `folder`), else none."""
    if name is not None:
        return Secret(value=env.get(name) or None, described=f"the environment variable {name}")
    if file is not None:
        path = folder / Path(file).expanduser()
        try:
            return Secret(value=path.read_text("utf-8").strip() or None, described=f"the file {path}")
        except (OSError, UnicodeDecodeError):
            return Secret(value=None, described=f"the file {path}")
    return Secret(value=None)


def missing_secrets(config: Config) -> list[str]:
    """One sentence for each secret that is not where the config says: a channel's, or the address to ping."""
    found = []
    if config.daemon.ping is None and config.daemon.ping_from:
        found.append(f"{config.path}: [daemon]: the address to ping was not found in {config.daemon.ping_from}")
    for channel in config.channels.values():
        where, needs = channel.settings.get("secret_from"), channel.kind != "email" or channel.settings.get("user")
        if channel.secret is not None or not (where or needs):
            continue
        key = {"email": "password", "slack-webhook": "url", "slack-bot": "token", "webhook": "key",
               "apprise": "url"}[channel.kind]
        found.append(f'{config.path}: [[channel]] "{channel.id}": its {key} was not found in {where}' if where else
                     f'{config.path}: [[channel]] "{channel.id}" needs {key}_env or {key}_file')
    return found
