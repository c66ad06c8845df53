"""Articles added over HTTP, as a job: uploaded files and web addresses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import Field, ValidationError

from corpus.article import Article
from corpus.deadline import check_deadline
from corpus.library.store import Library
from corpus.load import Refusal, load_file
from corpus.refusal import shown
from corpus.sourcefile import SourceFile
from index.ingest import Entry, add
from rag.api.event_stream import EVENT_SCHEMA, Event, event_response
from rag.api.examples import ADDED, example
from rag.api.fields import Body, Problem, Responses
from rag.api.jobs import Job, JobRun
from rag.api.problems import field_sentence
from rag.api.routes.upload_form import (
    LONGEST_PART,
    MOST_SOURCES,
    UPLOADED,
    check_part,
    stored_form,
    without_number,
)
from rag.api.state import State, StateOf

router = APIRouter(tags=["adding"])

LONGEST_ADDRESS = 4_096
_POLL_SECONDS = 0.2  # between two looks at a job that is followed


class Addresses(Body):
    """Web pages to add."""

    urls: list[str] = Field(min_length=1, max_length=MOST_SOURCES, description="addresses of articles")


_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        "url": {"type": "array", "items": {"type": "string"}},
                    },
                    "additionalProperties": False,
                }
            },
            "application/json": {
                "schema": Addresses.model_json_schema(),
                "example": {"urls": ["https://example.org/story.html"]},
            },
        },
    },
    **example(ADDED, path="/v1/articles?wait=30", form="file=@story.txt"),
}
_ACCEPTED: Responses = {
    200: {"model": Job, "description": "The job is done."},
    202: {"model": Job, "description": "The job has begun; Location says where to follow it."},
    415: {"model": Problem, "description": "The body is neither a form nor JSON."},
}


@router.post("/v1/articles", status_code=202, responses=_ACCEPTED, openapi_extra=_BODY, response_model=Job)
async def add_articles(
    request: Request,
    response: Response,
    state: StateOf,
    wait: Annotated[float, Query(ge=0, le=60, description="seconds to wait until the job is done")] = 0,
) -> Job:
    """Adds files, uploaded as a form's `file` parts, and web pages, as its `url` parts or as JSON: a job to follow.

    An upload is known by its file name: uploaded again, it takes the place of the one before, which its entry tells.
    Different files of one name in one request are told apart by a number, as "story (2).txt". Pages are fetched from
    public addresses only. What becomes of each article is among the job's `entries`.
    """
    job = await _begin(request, state)
    deadline = asyncio.get_running_loop().time() + wait
    while not job.finished and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.05)
        job = state.jobs.get(job.id)
    response.status_code = 200 if job.finished else 202
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return job


@router.get("/v1/jobs", openapi_extra=example([ADDED]))
async def jobs(state: StateOf) -> list[Job]:
    """The jobs there are, the latest first, without their `entries`; those done long ago are forgotten."""
    return [replace(job, entries=()) for job in state.jobs.all()]


@router.get("/v1/jobs/{job_id}", openapi_extra=example(ADDED, path="/v1/jobs/JOB"))
async def job(job_id: str, state: StateOf) -> Job:
    """How far a job is."""
    return state.jobs.get(job_id)


@router.delete("/v1/jobs/{job_id}", openapi_extra=example({"sources": 1}, path="/v1/jobs/JOB"))
async def cancel(job_id: str, state: StateOf) -> Job:
    """Ends a job soon; what it has written stays."""
    return state.jobs.cancel(job_id)


@router.get(
    "/v1/jobs/{job_id}/events",
    response_class=Response,
    responses={200: {"content": {"text/event-stream": {"schema": EVENT_SCHEMA}}}},
    openapi_extra=example("event: job\n", path="/v1/jobs/JOB/events"),
)
async def follow(job_id: str, request: Request, state: StateOf) -> Response:
    """The job as server-sent events `job`, one whenever it has changed, the last when it is done."""
    state.jobs.get(job_id)
    return await event_response(request, _changes(state, job_id))


async def _changes(state: State, job_id: str) -> AsyncGenerator[Event]:
    last = None
    while last is None or not last.finished:
        job = state.jobs.get(job_id)
        if job != last:
            yield Event("job", job)
        else:
            await asyncio.sleep(_POLL_SECONDS)
        last = job


async def _begin(request: Request, state: State) -> Job:
    """The job that adds what a request brings."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return _begin_job(state, [], _urls(await request.body()), lambda: None)
    if kind == "application/x-www-form-urlencoded":
        form = await request.form(max_fields=MOST_SOURCES, max_part_size=LONGEST_PART)
        for name in form:
            check_part(name, is_file=False)
        return _begin_job(state, [], _checked([str(url) for url in form.getlist("url")]), lambda: None)
    if kind != "multipart/form-data":
        raise HTTPException(415, "The body is neither a form nor JSON; send files as multipart/form-data.")
    folder = TemporaryDirectory(prefix="pullquote-", ignore_cleanup_errors=True)
    try:
        files, urls = await stored_form(request, folder.name)
        return _begin_job(state, files, _checked(urls), folder.cleanup)
    except BaseException:
        folder.cleanup()
        raise


def _urls(body: bytes) -> list[str]:
    try:
        return _checked(Addresses.model_validate_json(body).urls)
    except ValidationError as error:
        first = error.errors()[0]
        raise HTTPException(422, field_sentence(first["loc"], first["msg"])) from None


def _checked(urls: list[str]) -> list[str]:
    for url in urls:
        if len(url) > LONGEST_ADDRESS:
            raise HTTPException(422, f"The address {url[:80]!r}… is longer than {LONGEST_ADDRESS:,} characters.")
    return urls


def _begin_job(state: State, files: list[SourceFile], urls: list[str], after: Callable[[], None]) -> Job:
    """The job that adds these, and does something after; 422 where there are none."""
    if not files and not urls:
        raise HTTPException(422, "The form holds no file and no url; send articles as its `file` parts.")

    def work(run: JobRun) -> None:
        library = state.pipeline.library
        sources = chain((load_file(_as_known(library, file)) for file in files), map(state.page, urls))
        for entry in add(library, state.pipeline.encoder, _loaded(sources, run)):
            run.add(_replacement(entry))

    return state.jobs.begin(len(files) + len(urls), work, after)


def _as_known(library: Library, file: SourceFile) -> SourceFile:
    """The file, under the number it has where the same bytes were uploaded as one of several of its name."""
    known = library.header_by("source", file.source)
    if known is None or known.sha256 == (digest := file.digest()):
        return file
    twin = library.header_by("sha256", digest) if digest else None
    return replace(file, source=twin.source) if twin and without_number(twin.source) == file.source else file


def _replacement(entry: Entry) -> Entry:
    """The entry, which says of an upload what it takes the place of."""
    name = entry.source.removeprefix(UPLOADED)
    if entry.outcome != "updated" or name == entry.source:
        return entry
    why = f"It takes the place of what was uploaded as {shown(name)} before; to keep both, give one another name."
    return replace(entry, reason=why)


def _loaded(sources: Iterable[Iterator[Article | Refusal]], run: JobRun) -> Iterator[Article | Refusal]:
    for articles in sources:
        for loaded in articles:
            check_deadline()
            yield loaded
        run.read += 1
