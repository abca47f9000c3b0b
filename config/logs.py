"""How the daemon and its worker write their log: text for a person or an object a line, and never a secret.

A line about something that happens again and again has a name and fields: `log.info("…", extra=event("worker.ended",
code=9))`. Text shows the sentence, JSON shows all of it. What is secret is taken out of the finished line, tracebacks
and other people's libraries included.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
GONE = "***"
SHORTEST = 6  # characters; a shorter secret would take words out of every sentence
PATTERNS = tuple(map(re.compile, (  # what looks like a secret, though no config of ours names it; the first group stays
    r"(://)[^/\s:@]+:[^/\s@]+(?=@)",  # user and password in an address
    r"(?i)([?&](?:token|key|apikey|api_key|secret|password)=)[^&\s\"'<>]+",
    r"(hooks\.slack\.com/)[^\s\"'<>]+",
    r"(xox[a-z]-)[A-Za-z0-9-]+",
    r"(?i)(authorization['\"]?: ?)\S.*",
)))
QUIET = {"apscheduler": logging.WARNING, "asyncio": logging.WARNING}  # what they say below that is no news


def event(name: str, **fields: object) -> dict[str, object]:
    """For `extra`: the name of what happened, and what belongs to it."""
    return {"event": name, "fields": fields}


class Redactor:
    """Takes secrets out of a line. Those of the config may change while the daemon runs."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: tuple[str, ...] = ()
        self.know(secrets)

    def know(self, secrets: Iterable[str]) -> None:
        """From now on these too; old ones may still stand in a traceback."""
        known = {*self._secrets, *(secret for secret in secrets if len(secret) >= SHORTEST)}
        self._secrets = tuple(sorted(known, key=len, reverse=True))

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, GONE)
        for pattern in PATTERNS:
            text = pattern.sub(rf"\g<1>{GONE}", text)
        return text


class Text(logging.Formatter):
    """One line for a person, and a traceback where there is one."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__(FORMAT)
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(super().format(record))


class Json(logging.Formatter):
    """One object a line: at, level, event, logger, message, and the event's fields."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(), "event": getattr(record, "event", record.name),
            "logger": record.name, "message": record.getMessage()}
        fields = getattr(record, "fields", {})
        if isinstance(fields, Mapping):
            said |= {key: value for key, value in fields.items() if key not in said}
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps({key: value if isinstance(value, bool | int | float | None) else self._redact(str(value))
                           for key, value in said.items()}, ensure_ascii=False)


def begin(form: str, level: int, redact: Redactor) -> None:
    """Send every log of this process to standard error, in this form ("text" or "json"), and nowhere else."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json(redact) if form == "json" else Text(redact))
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    handler.setLevel(level)  # scrapy opens the root logger for all there is
    root.setLevel(level)
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(max(level, least))
