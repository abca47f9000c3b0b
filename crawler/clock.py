"""The worker's one clock. A demo or a test starts it at another moment; it runs on from there at its usual pace."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """`now()` in UTC, never stepping back within a process.

    With `speed` it runs so many times faster than the world: for a day that is played through in minutes.
    """

    def __init__(self, start: datetime | None = None, speed: float = 1.0) -> None:
        self.speed = speed
        self._start = (start or datetime.now(UTC)).astimezone(UTC)
        self._began = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=(time.monotonic() - self._began) * self.speed)
