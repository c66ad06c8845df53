"""A log that one error, coming again and again, does not fill."""

from __future__ import annotations

import logging
from collections import Counter
from time import monotonic
from traceback import walk_tb

MOST_REPEATS = 10  # of one error in a minute
_MINUTE = 60  # seconds


class RepeatFilter(logging.Filter):
    """Lets an error pass MOST_REPEATS times a minute, and says at the last time that more are left out.

    With `keeps_lines` all pass, but from then on without their traceback.
    """

    def __init__(self, *, keeps_lines: bool) -> None:
        super().__init__()
        self._keeps_lines = keeps_lines
        self._began = monotonic()
        self._times: Counter[object] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.ERROR or (self._keeps_lines and not record.exc_info):
            return True
        if monotonic() - self._began > _MINUTE:
            self._began, self._times = monotonic(), Counter()
        what = _what(record)
        self._times[what] += 1
        if self._times[what] == MOST_REPEATS and not self._keeps_lines:
            record.msg = f"{record.msg} (more of these are left out for a minute)"
        if self._times[what] > MOST_REPEATS:
            record.exc_info = None
        return self._keeps_lines or self._times[what] <= MOST_REPEATS


def throttle(log: logging.Logger, *, keeps_lines: bool = False) -> None:
    """Has the log leave out what comes again and again."""
    if not any(isinstance(one, RepeatFilter) for one in log.filters):
        log.addFilter(RepeatFilter(keeps_lines=keeps_lines))


def _what(record: logging.LogRecord) -> tuple[object, ...]:
    """What was logged: the message, and the kind and the place of its error."""
    kind, _, trace = record.exc_info or (None, None, None)
    places = [(frame.f_code.co_filename, line) for frame, line in walk_tb(trace)]
    return record.msg, kind, *places[-1:]
