import sqlite3
import threading

import pytest

from corpus.deadline import WorkDeadline, WorkEnded, check_deadline, is_over, within
from corpus.library.store import Library

ENDLESS = "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number) SELECT count(*) FROM number"


def test_where_no_deadline_is_in_force_nothing_ends():
    check_deadline()
    assert not is_over()
    with within(WorkDeadline(0)), within(None):
        check_deadline()


@pytest.mark.parametrize("deadline", [WorkDeadline(-1), WorkDeadline(0)])
def test_work_ends_once_its_time_is_over(deadline):
    with within(deadline):
        assert is_over()
        with pytest.raises(WorkEnded, match="This took too long and was ended"):
            check_deadline()
    check_deadline()


def test_work_ends_as_soon_as_another_thread_says_so():
    deadline = WorkDeadline(3_600)
    with within(deadline):
        check_deadline()
        assert 3_500 < deadline.seconds_left <= 3_600
        ending = threading.Thread(target=deadline.end)
        ending.start()
        ending.join()
        with pytest.raises(WorkEnded):
            check_deadline()


def test_a_deadline_is_that_of_its_thread():
    seen = []
    with within(WorkDeadline(0)):
        other = threading.Thread(target=lambda: seen.append(is_over()))
        other.start()
        other.join()
        assert is_over()
    assert seen == [False]


def test_a_statement_of_sqlite_is_interrupted_and_the_connection_goes_on(tmp_path):
    library = Library(tmp_path / "library.sqlite")
    deadline = WorkDeadline(0.1)
    with pytest.raises(WorkEnded) as ended, within(deadline), library.reading():
        library.connection.execute(ENDLESS).fetchone()
    assert isinstance(ended.value.__cause__, sqlite3.OperationalError)
    assert not library.connection.in_transaction
    assert library.generation == 0


def test_what_was_written_before_the_interruption_is_taken_back(tmp_path):
    library = Library(tmp_path / "library.sqlite")

    def half():
        with within(WorkDeadline(0.1)), library.writing():
            library.set_state("half", "done")
            library.connection.execute(ENDLESS).fetchone()

    with pytest.raises(WorkEnded):
        half()
    assert (library.state("half"), library.generation) == (None, 0)


def test_a_transaction_is_ended_though_its_deadline_is_over(tmp_path):
    library = Library(tmp_path / "library.sqlite")
    library.connection.set_progress_handler(is_over, 1)
    deadline = WorkDeadline()
    with within(deadline), library.writing():
        library.set_state("whole", "done")
        library._end, end = lambda how: (deadline.end(), end(how)), library._end
    assert (library.state("whole"), library.generation) == ("done", 1)
    assert not library.connection.in_transaction


def test_another_error_of_sqlite_stays_what_it_is():
    with pytest.raises(sqlite3.OperationalError, match="no such table"), within(WorkDeadline()):
        sqlite3.connect(":memory:").execute("SELECT * FROM missing")


def test_who_waits_for_another_writer_waits_no_longer_than_its_deadline(tmp_path):
    library, other = Library(tmp_path / "library.sqlite"), sqlite3.connect(tmp_path / "library.sqlite")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(WorkEnded), within(WorkDeadline(0.1)), library.writing():
        raise AssertionError
    other.execute("ROLLBACK")
    with library.writing():
        library.set_state("after", "done")
    assert library.generation == 1


def test_an_error_of_python_about_sqlite_stays_as_it_is():
    """It has no code of SQLite."""
    fault = sqlite3.OperationalError("Could not decode to UTF-8 column 'text'")
    with pytest.raises(sqlite3.OperationalError, match="Could not decode"), within(WorkDeadline()):
        raise fault
