"""Why a request came to nothing: every failure as an outcome and one sentence that names the address."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from twisted.python.failure import Failure

from crawler.guard import installed_guard
from records.news import Outcome


def request_of(failure: Failure) -> Request:
    """The request that an errback is told of."""
    request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
    return request


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong with one address."""

    outcome: Outcome
    why: str
    retry_after: float | None = None  # seconds


class NotFetched(IgnoreRequest):
    """A request that our own rules stopped: guard, robots.txt, or a host that is to be left alone."""

    def __init__(self, outcome: Outcome, why: str, retry_after: float | None = None) -> None:
        super().__init__(why)
        self.problem = Problem(outcome, why, retry_after)


# What Scrapy raises, a word its message must hold, and what that comes to; the first that fits counts.
SENTENCES: tuple[tuple[type[BaseException], str, Outcome, str], ...] = (
    (CannotResolveHostError, "", Outcome.UNREACHABLE, "the host of {url} has no address; check its name"),
    (DownloadTimeoutError, "", Outcome.TIMEOUT, "{url} did not answer in time"),
    (DownloadConnectionRefusedError, "", Outcome.UNREACHABLE, "the host of {url} refuses the connection"),
    (ResponseDataLossError, "", Outcome.UNREACHABLE, "the connection ended before all of {url} had come"),
    # A body that grows beyond the limit is cancelled without a word; a deadline is a DownloadTimeoutError.
    (DownloadCancelledError, "", Outcome.TOO_LARGE, "{url} is larger than the crawl's limit"),
    (DownloadFailedError, "ConnectionAborted", Outcome.TOO_LARGE, "the headers of {url} don't end"),
    (DownloadFailedError, "", Outcome.UNREACHABLE, "the connection to {url} failed ({said})"),
    (UnsupportedURLSchemeError, "", Outcome.REFUSED, "{url} was not fetched: only http and https addresses are"),
    (NotSupported, "", Outcome.REFUSED, "{url} was not fetched: only http and https addresses are"),
    (IgnoreRequest, "DOWNLOAD_MAXSIZE", Outcome.TOO_LARGE, "{url} unpacks to more than the crawl's limit"),
    (IgnoreRequest, "redirection", Outcome.HTTP_ERROR, "{url} redirects too many times"),
    (EOFError, "", Outcome.HTTP_ERROR, "the body of {url} can't be unpacked ({said})"),
    (OSError, "", Outcome.HTTP_ERROR, "the body of {url} can't be unpacked ({said})"),
    (Exception, "", Outcome.UNREACHABLE, "{url} can't be had ({kind}: {said})"),
)


def explain(error: BaseException, url: str) -> Problem:
    """The failure of a request for `url`, in a sentence."""
    if isinstance(error, NotFetched):
        return error.problem
    refusal = installed_guard().refusal(url) if isinstance(error, CannotResolveHostError) else None
    if refusal:
        return Problem(Outcome.REFUSED, f"{url} was not fetched: {refusal}")
    said = str(error)
    outcome, sentence = next((outcome, sentence) for kind, word, outcome, sentence in SENTENCES
                             if isinstance(error, kind) and word in said)
    return Problem(outcome, sentence.format(url=url, kind=type(error).__name__, said=_short(said)))


def _short(said: str) -> str:
    return said if len(said) <= 120 else said[:119] + "…"
