"""What the worker says while it works: one JSON object a line on standard output, for the command that started it."""

from __future__ import annotations

import json
import sys


class ListenerGoneError(Exception):
    """Nobody reads standard output any more: whoever started the worker has ended."""


def say(event: str, **fields: object) -> None:
    """Print one event. Raises ListenerGoneError when the other end has closed."""
    try:
        # One write a line: threads speak too.
        sys.stdout.write(json.dumps({"event": event, **fields}, ensure_ascii=True, default=str) + "\n")
        sys.stdout.flush()
    except BrokenPipeError as error:
        sys.stderr.flush()
        raise ListenerGoneError from error
