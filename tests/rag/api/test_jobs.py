import threading
import time

import pytest

from corpus.deadline import check_deadline
from index.ingest import Entry
from rag.api.access.admission import Busy
from rag.api.jobs import MOST_ENTRIES, Jobs, NoSuchJob


def explained(fault):
    return f"explained {type(fault).__name__}"


@pytest.fixture
def jobs():
    made = Jobs(explained)
    yield made
    made.close()


def nothing():
    """What a job does after its work here."""


def ended(jobs, job):
    deadline = time.monotonic() + 5
    while (now := jobs.get(job.id)).finished is None:
        assert time.monotonic() < deadline
        time.sleep(0.002)
    return now


def entry(number, outcome="added"):
    return Entry(f"{number}.txt", outcome)


def test_a_job_tells_what_it_has_done(jobs):
    def work(progress):
        progress.read += 2
        for number, outcome in enumerate(["added", "refused", "added"]):
            progress.add(entry(number, outcome))

    begun = jobs.begin(2, work, nothing)
    done = ended(jobs, begun)
    assert begun.sources == 2
    assert (done.status, done.sources, done.read, done.counts, done.detail) == (
        "done",
        2,
        2,
        {"added": 2, "refused": 1},
        None,
    )
    assert done.entries == (entry(0), entry(1, "refused"), entry(2))
    assert len(done.created) == len("2026-01-01T00:00:00Z")
    assert done.created <= done.finished


def test_jobs_are_done_one_at_a_time_in_their_order(jobs):
    seen, now, most, lock = [], 0, 0, threading.Lock()

    def job(name):
        def work(progress):
            nonlocal now, most
            with lock:
                now += 1
                most = max(most, now)
            time.sleep(0.005)
            seen.append(name)
            with lock:
                now -= 1

        return work

    begun = [jobs.begin(1, job(name), nothing) for name in range(10)]
    assert [ended(jobs, one).status for one in begun] == ["done"] * 10
    assert (seen, most) == (list(range(10)), 1)
    assert [one.id for one in jobs.all()] == [one.id for one in reversed(begun)]


def test_of_many_entries_a_thousand_are_told_and_all_are_counted(jobs):
    def work(progress):
        for number in range(2_500):
            progress.add(entry(number, "refused" if number % 2 else "added"))

    done = ended(jobs, jobs.begin(1, work, nothing))
    assert done.entries == tuple(entry(number, "refused" if number % 2 else "added") for number in range(1_000))
    assert MOST_ENTRIES == 1_000
    assert done.counts == {"added": 1_250, "refused": 1_250}


def test_a_job_that_fails_is_explained_and_the_next_is_done(jobs):
    after = []

    def work(progress):
        progress.add(entry(1))
        raise KeyError("a secret")

    failed = ended(jobs, jobs.begin(1, work, lambda: after.append("failed")))
    assert (failed.status, failed.detail, failed.counts) == ("failed", "explained KeyError", {"added": 1})
    assert ended(jobs, jobs.begin(1, lambda progress: None, lambda: after.append("done"))).status == "done"
    assert after == ["failed", "done"]


def test_a_job_ends_even_where_what_comes_after_it_fails(jobs):
    def after():
        raise OSError

    assert ended(jobs, jobs.begin(1, lambda progress: None, after)).status == "done"
    assert ended(jobs, jobs.begin(1, lambda progress: None, nothing)).status == "done"


def held(go, reached=None):
    """Work that waits until it is let go, then looks whether it shall end."""

    def work(progress):
        if reached:
            reached.set()
        assert go.wait(5)
        progress.add(entry(1))
        check_deadline()
        progress.add(entry(2))

    return work


def test_a_running_job_that_is_cancelled_ends_at_its_next_look_and_what_it_wrote_stays(jobs):
    go, reached, after = threading.Event(), threading.Event(), []
    job = jobs.begin(1, held(go, reached), lambda: after.append(1))
    assert reached.wait(5)
    assert jobs.cancel(job.id).status == "running"
    assert jobs.cancel(job.id).finished is None  # twice is once
    go.set()
    cancelled = ended(jobs, job)
    assert (cancelled.status, cancelled.entries, cancelled.detail) == ("cancelled", (entry(1),), None)
    assert after == [1]


def test_a_waiting_job_that_is_cancelled_has_ended_and_is_never_begun(jobs):
    go, did, after = threading.Event(), [], []
    first = jobs.begin(1, held(go), nothing)
    second = jobs.begin(1, lambda progress: did.append(1), lambda: after.append(1))
    assert second.status == "waiting"
    cancelled = jobs.cancel(second.id)
    assert (cancelled.status, cancelled.finished is None, after) == ("cancelled", False, [1])
    go.set()
    assert ended(jobs, first).status == "done"
    assert ended(jobs, jobs.begin(1, lambda progress: None, nothing)).status == "done"
    assert (did, after) == ([], [1])


def test_a_job_that_is_done_stays_done_when_it_is_cancelled(jobs):
    done = ended(jobs, jobs.begin(1, lambda progress: None, nothing))
    assert jobs.cancel(done.id) == done


def test_so_many_jobs_may_wait_and_a_cancelled_one_makes_room(jobs):
    go = threading.Event()
    begun = [jobs.begin(1, held(go), nothing) for _ in range(20)]
    with pytest.raises(Busy, match="try again in 10 seconds") as busy:
        jobs.begin(1, held(go), nothing)
    assert busy.value.retry_after == 10
    jobs.cancel(begun[-1].id)
    last = jobs.begin(1, held(go), nothing)
    go.set()
    assert [ended(jobs, one).status for one in (*begun[:-1], last)] == ["done"] * 20


def test_those_done_long_ago_are_forgotten(jobs):
    begun = [ended(jobs, jobs.begin(1, lambda progress: None, nothing)) for _ in range(105)]
    jobs.begin(1, lambda progress: None, nothing)
    assert [one.id for one in jobs.all()][1:] == [one.id for one in reversed(begun[5:])]
    with pytest.raises(NoSuchJob, match=r"There is no job '.*'; those that were done long ago are forgotten"):
        jobs.get(begun[0].id)
    with pytest.raises(NoSuchJob):
        jobs.cancel(begun[0].id)


def test_a_server_that_stops_ends_all_jobs_and_takes_no_more():
    jobs, go, reached, after = Jobs(explained), threading.Event(), threading.Event(), []
    running = jobs.begin(1, held(go, reached), lambda: after.append("running"))
    waiting = [jobs.begin(1, held(go), lambda: after.append("waiting")) for _ in range(3)]
    assert reached.wait(5)
    jobs.close()
    assert [jobs.get(one.id).status for one in waiting] == ["cancelled"] * 3
    with pytest.raises(Busy):
        jobs.begin(1, held(go), nothing)
    go.set()
    assert ended(jobs, running).status == "cancelled"
    assert after == ["waiting", "waiting", "waiting", "running"]
    jobs.close()


def test_a_server_waits_a_little_for_a_job_that_still_reads(jobs):
    go = threading.Event()
    assert jobs.have_ended(0)
    begun = jobs.begin(1, lambda _: go.wait(10), nothing)
    jobs.close()
    started = time.monotonic()
    assert not jobs.have_ended(0.2)
    assert 0.2 <= time.monotonic() - started < 5
    go.set()
    assert jobs.have_ended(5)
    assert ended(jobs, begun).status == "done"
