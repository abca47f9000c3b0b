"""Sources added to a homeward.toml that is there: at its end, so that every line and comment of the user's stays."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from config.loading import load_text
from config.writing import toml_value
from records.errors import ConfigError
from records.news import EndpointKind


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSource:
    """A source to be written. Empty fields are left out."""

    id: str
    name: str
    urls: Sequence[tuple[str, EndpointKind]]
    kind: str = "news"
    country: str | None = None
    languages: tuple[str, ...] = ()
    note: str | None = None


def source_table(source: NewSource) -> str:
    """The [[source]] table as it stands in the file."""
    fields: list[tuple[str, object]] = [("id", source.id), ("name", source.name), ("kind", source.kind)]
    fields += [(key, value) for key, value in (("country", source.country), ("languages", source.languages),
                                               ("note", source.note)) if value]
    lines = ["[[source]]", *(f"{key} = {_text(value)}" for key, value in fields), "endpoint = ["]
    for url, kind in source.urls:
        told = "" if kind is EndpointKind.FEED else f", kind = {_text(str(kind))}"
        lines.append(f"  {{ url = {_text(url)}{told} }},")
    return "\n".join([*lines, "]"])


def add_sources(path: Path, sources: Sequence[NewSource], env: Mapping[str, str]) -> None:
    """Write them into the config at `path`, whole or not at all. Raises ConfigError, and then nothing was changed."""
    target = path.resolve()
    try:
        with target.open(encoding="utf-8", newline="") as file:
            before = file.read()
    except OSError as error:
        raise ConfigError(f"{path} can't be read ({error.strerror}); write one with `homeward init`") from error
    newline = "\r\n" if "\r\n" in before else "\n"
    added = "".join(f"{newline}{source_table(source).replace(chr(10), newline)}{newline}" for source in sources)
    after = before + ("" if not before or before.endswith("\n") else newline) + added
    load_text(after, env, path)  # a file that would not load is never written
    _write(target, after, path)


def _write(target: Path, text: str, path: Path) -> None:
    """Beside it first, then in its place: a full disk or a power cut leaves the old file."""
    name = None
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", dir=target.parent, delete=False,
                                         prefix=f".{target.name}.") as file:
            name = file.name
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(target.stat().st_mode & 0o7777)
        Path(name).replace(target)
    except OSError as error:
        if name:
            with suppress(OSError):
                Path(name).unlink()
        raise ConfigError(f"{path} can't be written ({error.strerror}); check its permissions and the disk") from error


def _text(value: object) -> str:
    return toml_value(value).replace("\x7f", "\\u007f")  # JSON lets it stand, TOML does not
