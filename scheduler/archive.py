"""Every digest kept whole, as a page that its messages link to. A page that stands is never written over.

    digest | page | written beside its place | linked into it | indexes made anew

A page is there before its message is queued: no link leads to nothing. One whose message is not queued after all (a
crash between the two, another program that was faster) is a page more, and says the truth too.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from alerts import notices, pages, render, words
from config.model import Archive, Config
from records.errors import ArchiveError
from records.telling import Delivery, DeliveryState, Digest
from scheduler.sending import TROUBLE
from storage import Store

COPIES = 100  # pages of one period: there is a second one where a crash came between the page and the queue
HEAD = 4_000  # bytes of a page that are read for its title
STALE = 3_600  # seconds after which nobody writes on a draft any more
KEY = "(archive)"  # in the place of a channel's id, where its trouble is remembered


def keep(archive: Archive, digest: Digest) -> str | None:
    """Write the digest's page and bring the indexes up to date; returns the page's address, None where the folder is
    not served. Raises ArchiveError."""
    page = render.whole(digest)
    try:
        path = _write(archive.folder, digest, page)
        _index(archive.folder, path.parent)
    except OSError as error:
        raise ArchiveError(f"{archive.folder}: the page of a digest can't be written ({error.strerror or error}); give "
                           "Homeward the right to write there, or make room") from error
    where = "/".join(quote(part) for part in path.relative_to(archive.folder).parts)
    return f"{archive.url}/{where}" if archive.url else None


def _write(root: Path, digest: Digest, page: str) -> Path:
    """The page at its place, whole or not at all; where another page stands there already, beside it."""
    data = page.encode()
    for copy in range(1, COPIES):
        folder, month, name = pages.place(digest, copy)
        path = root / folder / month / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            if path.read_bytes() == data:
                return path
            continue
        with suppress(FileExistsError):  # somebody was faster
            return _put(path, data)
    raise FileExistsError(17, f"{COPIES} pages of {digest.period} stand there already")


def _put(path: Path, data: bytes, *, over: bool = False) -> Path:
    """Atomic: a reader, and whoever comes after a crash, sees all of it or nothing. `over`: in place of an old one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        if over:
            draft.replace(path)
        else:
            os.link(draft, path)  # refuses where something stands
    finally:
        draft.unlink(missing_ok=True)
    return path


def _index(root: Path, month: Path) -> None:
    """The list of the month's pages, the newest first, and the list of all subscriptions and months."""
    for draft in month.glob(".*.html.*"):  # of a process that was killed while it wrote
        if time.time() - draft.stat().st_mtime > STALE:
            draft.unlink(missing_ok=True)
    found = sorted((path for path in month.glob("*.html") if path.name != "index.html"),
                   key=lambda path: (path.stat().st_mtime, path.name), reverse=True)
    entries = [pages.Entry(href=quote(path.name), label=_title(path) or path.stem, note=path.stem) for path in found]
    title = f"“{month.parent.name}”, {words.day(month.name)}"
    _put(month / "index.html", pages.index(title, entries, up="../../index.html").encode(), over=True)
    months = sorted(root.glob("*/*/index.html"), reverse=True, key=lambda path: (path.parts[-2], path.parts[-3]))
    lists = [pages.Entry(href="/".join(quote(part) for part in path.relative_to(root).parts),
                         label=f"“{path.parts[-3]}”, {words.day(path.parts[-2])}") for path in months]
    _put(root / "index.html", pages.index("All digests", lists).encode(), over=True)


def _title(path: Path) -> str:
    with path.open("rb") as page:
        return pages.title_of(page.read(HEAD).decode("utf-8", "replace"))


def report(store: Store, config: Config, digest: Digest, error: ArchiveError) -> None:
    """Tell once, until it works again, that digests go out and are not kept: whoever asks for errors, else the readers
    of this one."""
    channel = next((one.channel for one in config.subscriptions if one.errors), digest.subscription.channel)
    period = f"archive-{digest.until:%Y%m%dT%H%M%S}"
    message = notices.archive(f"trouble/{period}/1", str(error))
    store.report_trouble(Delivery(id=0, subscription_id=TROUBLE, channel_id=channel, period=period, message=message,
                                  state=DeliveryState.WAITING, attempts=0, next_try_at=digest.until,
                                  created_at=digest.until), KEY, (), digest.until)


def mended(store: Store) -> None:
    store.trouble_is_over(KEY)
