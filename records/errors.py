"""One tree of errors. Each is one sentence for the person who can mend it: what, where, the way out.

`again` says whether trying the same thing later can help; the command line prints the sentence and never a traceback.
"""

from __future__ import annotations

from typing import Any


class HomewardError(Exception):
    """Anything Homeward reports on purpose. `exit_code` ends the command: 1 something is wrong, 2 bad usage."""

    again = False
    exit_code = 1

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled whole, arguments by keyword included: a reading child sends its errors to the worker this way."""
        return _remade, (type(self), self.args, self.__dict__)


def _remade(kind: type[HomewardError], args: tuple[object, ...], state: dict[str, object]) -> HomewardError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class ConfigError(HomewardError):
    """A config file that can't be used; names file, table, key and the nearest known key."""

    exit_code = 2


class StoreError(HomewardError):
    """The database can't be used as it is (missing, read-only, damaged, of a newer schema)."""


class StoreBusyError(StoreError):
    """Another program holds the database; trying again helps."""

    again = True


class UnreadableError(HomewardError):
    """Bytes that hold no feed or no article; `rule` is the short name kept with the drop."""

    def __init__(self, message: str, *, rule: str) -> None:
        super().__init__(message)
        self.rule = rule


class ReaderError(HomewardError):
    """Reading children can't be had (too little memory, too many processes). No verdict on what waits to be read."""


class ClaimError(HomewardError):
    """A claim, count or figure whose number does not stand in its quote, or whose quote does not stand in the text."""


class RenderError(HomewardError):
    """A digest that a template could not be filled with; it waits until the template is mended."""


class ArchiveError(HomewardError):
    """The page of a digest that could not be kept; the digest is sent all the same."""


class DeliveryError(HomewardError):
    """A message that could not be sent. `retry_after` is in seconds where the other side said so.

    `mendable`: the channel is at fault and not the message (a password, a hook, an address): it can be sent once
    somebody has mended that. `receipt`: some recipients have it; `owed` are those to try again, `refused` those who
    will never get it.
    """

    def __init__(self, message: str, *, again: bool, retry_after: float | None = None, mendable: bool = False,
                 receipt: str | None = None, owed: tuple[str, ...] = (), refused: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.again = again
        self.mendable = mendable
        self.retry_after = retry_after
        self.receipt = receipt
        self.owed = owed
        self.refused = refused

    @property
    def lasting(self) -> bool:
        """Waiting alone does not help, be it for all recipients or for some: somebody must hear of it."""
        return not self.again or bool(self.refused)
