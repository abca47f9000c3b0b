"""The watch in Prometheus form: what `/metrics` answers, from one reading of the store and of the daemon itself.

Every value is read when it is asked for. Nothing here counts by going through articles: what only grows has its number
in its last id, and the rest stands in an index (0.01 s on a store of a million articles).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from scheduler.health import Reading
from storage.marks import Mark
from storage.sizes import Sizes
from storage.watching import State


class _Page(Collector):
    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def collect(self) -> Iterator[Metric]:
        seen = self._reading
        yield _gauge("healthy", "1 while nothing is wrong; /healthz says what is", float(not seen.troubles))
        yield _gauge("troubles", "how many things are wrong", len(seen.troubles))
        yield _gauge("digests_missed", "digests whose hour has passed without one", seen.missed)
        yield _counter("worker_starts", "starts of the crawl worker since the daemon began", seen.worker_starts)
        yield _counters("reader_starts", "starts of reading children, and why", "why", seen.reader_starts)
        yield InfoMetricFamily("homeward_sqlite", "the SQLite that is used", {"version": seen.sqlite})
        yield _gauge("sqlite_outdated", "1 for a SQLite that may damage a database in a rare race",
                     seen.sqlite_outdated)
        yield from _jobs(seen.jobs)
        if seen.state is not None:
            yield from _state(seen.state, seen.at)
        if seen.sizes is not None:
            yield from _sizes(seen.sizes)
        if seen.check is not None:
            yield _gauge("store_whole", "1 where the last integrity check found nothing", seen.check.whole)
            yield _gauge("store_checked_timestamp_seconds", "when that was", seen.check.at.timestamp())


def page(reading: Reading, accept: str) -> tuple[bytes, str]:
    """The metrics and their content type, in the form that `accept` asks for."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Page(reading))
    ProcessCollector(registry=registry)  # CPU, memory and file descriptors of the supervisor
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type


def _jobs(jobs: Mapping[str, Mark]) -> Iterator[Metric]:
    done = {name: mark.done_at.timestamp() for name, mark in jobs.items() if mark.done_at}
    yield _gauges("job_last_success_timestamp_seconds", "when each job last came to its end", "job", done)
    yield _gauges("job_failing", "1 where a job's last turn failed", "job",
                  {name: float(mark.why is not None) for name, mark in jobs.items()})


def _state(state: State, at: datetime) -> Iterator[Metric]:
    yield _gauge("endpoints_watched", "endpoints that are visited", state.endpoints)
    yield _gauge("endpoints_failing", "of these, whose last visit failed", state.failing)
    yield _gauge("endpoints_never_answered", "of these, that never answered", state.never)
    yield _gauges("endpoints", "endpoints by the outcome of their last visit", "outcome", state.outcomes)
    yield _gauge("due", "visits and pages that could be done now and nobody is at", state.overdue)
    yield _gauge("lag_seconds", "how long the oldest of these has waited",
                 max((at - state.oldest_due).total_seconds(), 0.0) if state.oldest_due else 0.0)
    for name, text, moment in (
            ("oldest_due_timestamp_seconds", "when the oldest of these was due", state.oldest_due),
            ("last_success_timestamp_seconds", "when an endpoint last answered", state.last_success),
            ("oldest_success_timestamp_seconds", "the endpoint whose last answer is longest ago", state.oldest_success),
            ("oldest_waiting_timestamp_seconds", "the message that waits longest", state.oldest_waiting)):
        if moment is not None:
            yield _gauge(name, text, moment.timestamp())
    yield _gauge("pages_promised", "pages still to be fetched", state.promised)
    yield _gauges("deliveries", "messages by state", "state", {"waiting": 0, "failed": 0, "sent": 0} | state.deliveries)
    yield _counter("articles", "articles ever filed", state.articles)
    yield _gauge("events", "events of the ledger", state.events)


def _sizes(sizes: Sizes) -> Iterator[Metric]:
    yield _gauge("store_bytes", "size of the database", sizes.database)
    yield _gauge("wal_bytes", "size of its write-ahead log", sizes.wal)
    yield _gauge("disk_free_bytes", "free space where it lies", sizes.free)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"homeward_{name}", text, value=value)


def _counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(f"homeward_{name}", text, value=value)


def _gauges(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"homeward_{name}", text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _counters(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = CounterMetricFamily(f"homeward_{name}", text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
