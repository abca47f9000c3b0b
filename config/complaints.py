"""What is wrong with a config file, as one sentence each: file, table, key, what was given, what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from config.settings import TABLES
from config.source_tables import Table
from records.errors import ConfigError

CHANNEL_KINDS = tuple(name.removeprefix("channel (").rstrip(")") for name in TABLES if name.startswith("channel ("))
SECRETS = {"password": "password", "url": "url", "token": "token", "secret": "token", "key": "key"}  # in a [[channel]]
SEVERAL = {"source", "channel", "subscription"}
SHOWN = 60  # characters of a wrong value that are repeated


def complaint(path: Path | None, error: ValidationError, data: Mapping[str, Any]) -> ConfigError:
    """Turn the first fault into a sentence, and say how many more there are."""
    faults = error.errors(include_url=False)
    first = _sentence(faults[0], data)
    more = f" ({len(faults) - 1} more after this one)" if len(faults) > 1 else ""
    return ConfigError(f"{path or 'the config'}: {first}{more}")


def _sentence(fault: ErrorDetails, data: Mapping[str, Any]) -> str:
    loc = tuple(part for part in fault["loc"] if part not in CHANNEL_KINDS)
    key, where, table = _place(loc, data)
    given = _given(data, loc)
    if fault["type"] == "extra_forbidden":
        return _unknown(key, where, table)
    if fault["type"] == "missing":
        return f"{where} lacks the key '{key}'"
    if fault["type"] in ("union_tag_invalid", "union_tag_not_found"):
        kind = given.get("kind") if isinstance(given, Mapping) else given
        return f"{where}: kind = {_show(kind)} is not known; the kinds are {', '.join(CHANNEL_KINDS)}"
    if key in SEVERAL and isinstance(given, Mapping):
        return f"[{key}] needs double brackets, [[{key}]], for there may be several"
    allowed = _allowed(fault)
    if key.endswith("_env"):  # a secret may stand where its variable's name belongs: never repeat it
        return f"{where}: {key} must be the name of an environment variable (letters, digits, _), not the secret itself"
    return f"{where}: {key} = {_show(given)} {allowed}"


def _place(loc: Sequence[int | str], data: Mapping[str, Any]) -> tuple[str, str, str]:
    """The key at fault, how to name its table to a person, and the table's name in TABLES."""
    names, shown, here = [], "", data  # type: Sequence[int | str], str, Any
    tables: list[str] = []
    for index, part in enumerate(loc):
        here = _step(here, part)
        if isinstance(part, int):
            continue
        inner = index + 1 < len(loc)
        if inner and isinstance(here, Mapping):
            tables.append(part)
            shown = f"[{'.'.join(tables)}]"
        elif inner and isinstance(here, list) and isinstance(_step(here, loc[index + 1]), Mapping):
            tables.append(part)
            item = _step(here, loc[index + 1])
            label = item.get("id") or item.get("url")
            shown = f"[[{'.'.join(tables)}]] " + (f'"{label}"' if label else f"number {int(loc[index + 1]) + 1}")
    words = [part for part in loc if isinstance(part, str)]
    names = words[len(tables):] or words[-1:]
    kind = ""
    if tables[:1] == ["channel"]:
        kind = f" ({_step(_step(data.get('channel'), loc[1]), 'kind')})"
    return str(names[0]), shown or "the top of the file", ".".join(tables) + kind


def _step(here: Any, part: int | str) -> Any:
    try:
        return here[part]
    except (KeyError, IndexError, TypeError):
        return None


def _given(data: Any, loc: Sequence[int | str]) -> Any:
    for part in loc:
        data = _step(data, part)
    return data


def _show(value: Any) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _unknown(key: str, where: str, table: str) -> str:
    if table.startswith("channel") and key in SECRETS:
        name = SECRETS[key]
        return (f"{where}: a secret does not belong in this file; put it in an environment variable and write "
                f'{name}_env = "ITS_NAME", or in a file only you can read and write {name}_file = "its path"')
    model: type[Table] | None = TABLES.get(table)
    known = [info.alias or name for name, info in model.model_fields.items()] if model else []
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    hint = f"; did you mean '{near[0]}'?" if near else f"; known are {', '.join(known)}" if known else ""
    return f"{where} has an unknown key '{key}'{hint}"


def _allowed(fault: ErrorDetails) -> str:
    """What pydantic asks for, as the end of our sentence."""
    context = fault.get("ctx", {})
    if fault["type"] == "value_error":
        return str(context["error"])
    if fault["type"] in ("literal_error", "enum"):
        return f"is not allowed; allowed is {context['expected']}"
    if fault["type"] == "string_pattern_mismatch":
        return f"does not have the form {_FORMS.get(context['pattern'], context['pattern'])}"
    message = fault["msg"].removeprefix("Input ").replace("should", "must", 1).replace("valid tuple", "list")
    return f"{message[0].lower()}{message[1:]}"


_FORMS = {
    r"^[a-z0-9][a-z0-9_-]*$": "of an id: small letters, digits and hyphens",
    r"^[A-Z]{2}$": "of an ISO 3166-1 code: two capital letters, such as FR",
    r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$": "of a BCP 47 language, such as ar or zh-Hant",
    r"^[^@\s<>,;]+@[^@\s<>,;]+$": "of a mail address, such as desk@example.org",
}
