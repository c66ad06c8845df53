"""HTTP requests to an answer service, repeated while it is busy, with its errors as exceptions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic, sleep
from typing import Any, TypeVar
from urllib.parse import quote as percent_encoded

import httpx
from httpx_sse import EventSource, ServerSentEvent
from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")

_IDLE = 4  # seconds; the service closes a connection that nothing has come over for 5
_LEAST_WAIT = 0.1  # seconds between two tries, whatever the service says
_NOT_BEGUN = 429  # the service has not looked at what was asked, so nothing is done twice


class ServiceError(Exception):
    """The service did not do what it was asked to; `detail` is its sentence about why.

    `status` is that of HTTP, None where there was none; `retry_after` is in how many seconds to try again, where the
    service says so.
    """

    def __init__(self, detail: str, status: int | None = None, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status
        self.retry_after = retry_after


class NotThere(ServiceError):
    """The service has no article, job or page of this name; `articles()` and `jobs()` give those that it has."""


class ServiceBusy(ServiceError):
    """The service cannot answer now, or is asked too often; try again in a while, or with more `patience`."""


class Unreachable(ServiceError):
    """No whole answer came from the service's address; start it with `pullquote serve`, or name the address it has."""


@dataclass(frozen=True, slots=True)
class _ErrorEvent:
    """The data of an event `error`."""

    detail: str
    status: int | None = None
    retry_after: int | None = None


def _kind(status: int | None) -> type[ServiceError]:
    return {404: NotThere, 429: ServiceBusy, 503: ServiceBusy}.get(status or 0, ServiceError)


class Connection:
    """To the service at an address; safe to share between threads."""

    def __init__(
        self, address: str, token: str | None, patience: float, timeout: float, transport: httpx.BaseTransport | None
    ) -> None:
        """`patience`: seconds in which a busy service is asked again; `timeout`: how long it may be silent, in seconds.

        Unreachable where the address is none.
        """
        self.address = address.rstrip("/")
        self._patience = patience
        if not self.address.startswith(("http://", "https://")):
            raise Unreachable(f"{address!r} is no web address; write the service's as http://127.0.0.1:8000.")
        if token and not (token.isascii() and token.strip().isprintable()):
            raise ServiceError("A token has ASCII characters only; take that of the service's PULLQUOTE_TOKEN.")
        with self._as_service_errors():
            self._client = httpx.Client(
                base_url=self.address, timeout=timeout, transport=transport,
                headers={"Authorization": f"Bearer {token.strip()}"} if token else None,
                limits=httpx.Limits(keepalive_expiry=_IDLE),
            )  # fmt: skip

    def close(self) -> None:
        self._client.close()

    def call(self, kind: type[T], method: str, path: str, *, once: bool = False, **sent: Any) -> T:  # noqa: ANN401
        """The response as a `kind`; ServiceError. `sent` goes to httpx."""
        return read_as(kind, self.content(method, path, once=once, **sent))

    def content(self, method: str, path: str, *, once: bool = False, **sent: Any) -> bytes:  # noqa: ANN401
        """The body of the response; ServiceError.

        The request is repeated while the service is busy; with `once`, only where it has surely not begun.
        """
        with self._as_service_errors(), self._answered(method, path, once=once, **sent) as response:
            return response.read()

    def events(self, path: str, body: Mapping[str, object]) -> Iterator[ServerSentEvent]:
        """The server-sent events of the response, as they come; ServiceError."""
        with self._as_service_errors(), self._answered("POST", path, **as_json(body)) as response:
            for event in EventSource(response).iter_sse():
                if event.event == "error":
                    problem = read_as(_ErrorEvent, event.data)
                    raise _kind(problem.status)(problem.detail, problem.status, problem.retry_after)
                yield event

    @contextmanager
    def _answered(self, method: str, path: str, *, once: bool = False, **sent: Any) -> Iterator[httpx.Response]:  # noqa: ANN401
        """The successful response, unread."""
        deadline = monotonic() + self._patience
        while True:
            with self._client.stream(method, path, **sent) as response:
                if response.is_success:
                    yield response
                    return
                response.read()
            error = self._error(response)
            wait = max(error.retry_after or 0, _LEAST_WAIT)
            may_repeat = response.status_code == _NOT_BEGUN or not once
            if error.retry_after is None or not may_repeat or monotonic() + wait > deadline:
                raise error
            sleep(wait)

    def _error(self, response: httpx.Response) -> ServiceError:
        status = response.status_code
        try:
            detail = str(response.json()["detail"])
        except (ValueError, KeyError, TypeError):
            reason = f"{status} {response.reason_phrase}".strip()
            detail = f"{self.address} answers {reason}; see that this is the address of a Pullquote service."
        wait = response.headers.get("retry-after", "")
        return _kind(status)(detail, status, int(wait) if wait.isdecimal() else None)

    @contextmanager
    def _as_service_errors(self) -> Iterator[None]:
        """Errors of httpx as Unreachable, with one sentence each."""
        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise Unreachable(
                f"Nothing answers at {self.address} ({error}); start the service with `pullquote serve`, or name the "
                "address it has."
            ) from error
        except httpx.TimeoutException as error:
            raise Unreachable(
                f"The service at {self.address} was silent for too long; try again, or give it a longer `timeout`."
            ) from error
        except (httpx.RequestError, httpx.InvalidURL) as error:
            raise Unreachable(
                f"No whole answer came from {self.address} ({error}); see that the address is right, and try again."
            ) from error


def as_json(body: object) -> dict[str, Any]:
    """The arguments of httpx for a body of JSON; lone surrogates are sent too, for the service to judge."""
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return {"content": content, "headers": {"Content-Type": "application/json"}}


def path_of(identity: str, kind: str = "articles") -> str:
    """The path of an article, or of another resource with an id; dots are encoded, for `..` would be another path."""
    return f"/v1/{kind}/{percent_encoded(identity, safe='', errors='replace').replace('.', '%2E')}"


def read_as(kind: type[T], content: bytes | str) -> T:
    """The value of this type that JSON holds; unknown fields are dropped. ServiceError."""
    try:
        value: T = _adapter(kind).validate_json(content)  # type: ignore[arg-type]  # every class can be hashed
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        raise ServiceError(
            f"The service's answer cannot be read ({where}: {first['msg']}); see that the address is that of a "
            "Pullquote service, and that it is of this version."
        ) from error
    return value


@lru_cache
def _adapter(kind: Any) -> TypeAdapter[Any]:  # noqa: ANN401
    return TypeAdapter(kind)
