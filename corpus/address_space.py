"""The limit of memory that a shell sets (`ulimit -v`), checked before native libraries meet it and end the process."""

from __future__ import annotations

import sys

from corpus.errors import PullquoteError

LEAST_FOR_COMMANDS = 320 * 2**20  # bytes
LEAST_FOR_MODELS = 1792 * 2**20  # bytes; with 1.4 GB OpenVINO ends the process, with 1.6 GB a question is answered


class TooLittleMemory(PullquoteError):
    """The process may use too little memory; raise the limit with `ulimit -v`."""

    def __init__(self, limit: int, least: int) -> None:
        super().__init__(
            f"This shell lets a process use {limit // 2**20:,} MB of memory, and this takes {least // 2**20:,} MB; "
            "raise the limit with `ulimit -v`."
        )


def check_address_space(least: int) -> None:
    """Nothing where this process may use so many bytes, else TooLittleMemory."""
    if sys.platform == "win32":
        return
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < least:
        raise TooLittleMemory(limit, least)
