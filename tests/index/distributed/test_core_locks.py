"""Where the workers of a cluster note which of them has which core: in a folder that no other user can have made."""

import os
import stat

import pytest

from index.distributed import cluster


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(cluster, "_LOCKS", [])
    cores = os.sched_getaffinity(0)
    yield tmp_path
    os.sched_setaffinity(0, cores)
    for handle in cluster._LOCKS:
        os.close(handle)


def test_the_locks_lie_in_a_folder_of_the_user_alone(temporary):
    cluster._keep_to_one_core()
    (folder,) = temporary.iterdir()
    (lock,) = folder.iterdir()
    assert (folder.name, stat.S_IMODE(folder.stat().st_mode)) == (f"pullquote-{os.getuid()}", 0o700)
    assert (stat.S_IMODE(lock.stat().st_mode), len(os.sched_getaffinity(0))) == (0o600, 1)


@pytest.mark.parametrize("kind", ["link", "file", "open to all", "another's"])
def test_a_name_that_somebody_else_took_is_not_used(temporary, monkeypatch, kind):
    cores = os.sched_getaffinity(0)
    folder, other = temporary / f"pullquote-{os.getuid()}", temporary / "other"
    other.mkdir(mode=0o700)
    if kind == "link":
        folder.symlink_to(other)
    elif kind == "file":
        folder.touch()
    else:
        folder.mkdir()
        folder.chmod(0o777 if kind == "open to all" else 0o700)
    if kind == "another's":
        os.chown(folder, 65_534, -1) if os.getuid() == 0 else pytest.skip("only root can give a folder away")
    cluster._keep_to_one_core()
    assert (cluster._LOCKS, os.sched_getaffinity(0), list(other.iterdir())) == ([], cores, [])
