"""Reading a stranger's bytes in a process of its own: a parser that hangs costs one page, not the command."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import TimeoutError as LateError
from typing import ParamSpec, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from records.errors import UnreadableError

P = ParamSpec("P")
T = TypeVar("T")
LONGEST = 20.0  # seconds: a page takes a tenth of one; the child itself starts in under two


class Apart:
    """A child for readings, one after the other; a reading that hangs or dies gets its successor a new one."""

    def __init__(self) -> None:
        self._pool = ProcessPool(max_workers=1, context=multiprocessing.get_context("spawn"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble
        self._pool.join()

    def read(self, reader: Callable[P, T], what: str, *args: P.args, **kwargs: P.kwargs) -> T:
        """`reader(*args)` in the child. Raises what it raises, and UnreadableError when it hangs or dies."""
        future = self._pool.schedule(reader, args=args, kwargs=kwargs, timeout=LONGEST)
        try:
            result: T = future.result()
        except LateError as error:
            raise UnreadableError(f"{what} takes more than {LONGEST:g} s to read", rule="reader-killed") from error
        except ProcessExpired as error:
            raise UnreadableError(f"{what} crashes the reader (exit code {error.exitcode})", rule="reader-killed"
                                  ) from error
        return result


def read_apart(reader: Callable[P, T], what: str, *args: P.args, **kwargs: P.kwargs) -> T:
    """One reading in a child of its own."""
    with Apart() as child:
        return child.read(reader, what, *args, **kwargs)
