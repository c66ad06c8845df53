"""Counters and histograms of the server, for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus.library.store import Library
from rag.answer import Reply

if TYPE_CHECKING:
    from prometheus_client.core import Metric

MEDIA_TYPE = "text/plain; version=1.0.0; charset=utf-8"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Counters and histograms of one server, in a registry of their own."""

    def __init__(self, library: Library) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self._registry = registry = CollectorRegistry()
        self._questions = Counter("pullquote_questions", "Questions replied to.", registry=registry)
        self._abstentions = Counter(
            "pullquote_abstentions", "Replies that quote nothing, by reason.", ["reason"], registry=registry
        )
        self._stages = Histogram(
            "pullquote_stage_seconds", "Time by stage: waiting for a turn, then those of a reply.", ["stage"],
            buckets=_SECONDS, registry=registry,
        )  # fmt: skip
        self._requests = Counter(
            "pullquote_requests", "Requests by route and status.", ["method", "route", "status"], registry=registry
        )
        self._request_seconds = Histogram(
            "pullquote_request_seconds", "Time until a request was answered in full, by route.", ["route"],
            buckets=_SECONDS, registry=registry,
        )  # fmt: skip
        registry.register(_LibrarySize(library))

    def replied(self, reply: Reply) -> None:
        self._questions.inc()
        if reply.reason:
            self._abstentions.labels(reply.reason).inc()
        for stage, milliseconds in reply.timing_ms.items():
            self._stages.labels(stage).observe(milliseconds / 1000)

    def waited(self, seconds: float) -> None:
        self._stages.labels("wait").observe(seconds)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def exposed(self) -> bytes:
        from prometheus_client import generate_latest

        shown: bytes = generate_latest(self._registry)
        return shown


class _LibrarySize:
    """The size of the library, read at each scrape."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import GaugeMetricFamily

        with self._library.reading() as generation:
            articles, passages = self._library.counts()
        for name, about, value in (
            ("articles", "Articles in the library.", articles),
            ("passages", "Passages in the library.", passages),
            ("generation", "How many changes the library has seen.", generation),
            ("bytes", "Bytes of the library's files on disk.", self._library.size),
        ):
            yield GaugeMetricFamily(f"pullquote_library_{name}", about, value)
