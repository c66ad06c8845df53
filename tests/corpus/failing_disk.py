"""A stand-in for `os.scandir` on a disk that fails."""

import errno
import os
from pathlib import Path


class FailingDisk:
    """`os.scandir` whose folder or entry of this name fails, as on a broken disk: while `at` is read, or from the start."""

    def __init__(self, name, at, number=errno.EIO):
        self.name, self.at, self.fault = name, at, OSError(number, os.strerror(number))
        self.scandir = os.scandir

    def __call__(self, folder):
        is_here = Path(folder).name == self.name
        if is_here and self.at == "open":
            raise self.fault
        return _Entries(self, self.scandir(folder), is_here)


class _Entries:
    def __init__(self, failing, entries, fails):
        self.failing, self.entries, self.fails = failing, entries, fails

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.entries.close()

    close = __exit__

    def __iter__(self):
        for entry in sorted(self.entries, key=lambda one: one.name):
            yield _Entry(entry, self.failing) if entry.name == self.failing.name else entry
            if self.fails and self.failing.at == "read" and not entry.name.startswith("."):
                raise self.failing.fault


class _Entry:
    def __init__(self, entry, failing):
        self.name, self.path, self.is_symlink = entry.name, entry.path, entry.is_symlink
        self.entry, self.failing = entry, failing

    def is_dir(self, **options):
        if self.failing.at == "type":
            raise self.failing.fault
        return self.entry.is_dir(**options)

    def stat(self):
        if self.failing.at == "stat":
            raise self.failing.fault
        return self.entry.stat()
