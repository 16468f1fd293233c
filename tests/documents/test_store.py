"""SECURITY D4, D5, R5: stored files are whole or absent, and damage is found."""

import hashlib
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.files.store import Store, StoredFileDamaged

ROOT = Path(__file__).parents[2]
CONTENT = "附件内容".encode() * 50_000
posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX file modes and signals")

# Stores one file and kills itself at the given call that touches the file system.
KILLED = """
import os, signal, sys
from pathlib import Path
from portal.files.store import Store
root, step, seen = Path(sys.argv[1]), int(sys.argv[2]), 0
def watch(event, arguments):
    global seen
    if event.startswith("os.") or (event == "open" and str(root) in str(arguments[0])):
        seen += 1
        if seen == step:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(watch)
Store(root).put(sys.stdin.buffer.read())
sys.addaudithook(lambda *_: None)
print("stored")
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "uploads")


def test_d4_content_lies_under_its_hash_once(store: Store) -> None:
    sha256 = store.put(CONTENT)
    assert sha256 == store.put(CONTENT) == hashlib.sha256(CONTENT).hexdigest()
    assert store.path(sha256) == store.root / sha256[:2] / sha256
    assert list(store) == [sha256]
    assert store.open_verified(sha256) == CONTENT


@posix
def test_d4_files_are_not_readable_by_everyone(store: Store) -> None:
    path = store.path(store.put(CONTENT))
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.parent.stat().st_mode & 0o007 == 0


@pytest.mark.parametrize(
    "wrong", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n"]
)
def test_d4_only_a_hash_becomes_a_path(store: Store, wrong: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        store.path(wrong)


def test_d5_one_flipped_bit_is_found_and_mended_by_the_next_upload(store: Store) -> None:
    sha256 = store.put(CONTENT)
    damaged = bytearray(CONTENT)
    damaged[len(damaged) // 2] ^= 1
    store.path(sha256).write_bytes(damaged)
    with pytest.raises(StoredFileDamaged, match=sha256):
        store.open_verified(sha256)
    store.put(CONTENT)
    assert store.open_verified(sha256) == CONTENT


def test_d5_a_missing_file_is_named(store: Store) -> None:
    with pytest.raises(StoredFileDamaged, match="missing"):
        store.open_verified("0" * 64)


def test_r5_orphans_are_swept_and_named_or_young_files_are_kept(store: Store) -> None:
    known, orphan, young = store.put(b"known"), store.put(b"orphan"), store.put(b"young")
    broken_off = store.root / "incoming" / "tmpx"
    broken_off.write_bytes(b"half")
    yesterday = datetime.now(UTC) - timedelta(days=1)
    for path in (store.path(known), store.path(orphan), broken_off):
        os.utime(path, (0, 0))
    swept = store.sweep_orphans({known}, older_than=yesterday)
    assert set(swept) == {store.path(orphan), broken_off}
    assert set(store) == {known, young}


@posix
def test_r5_killed_at_every_step_no_damaged_file_has_a_name(store: Store) -> None:
    finished = False
    for step in range(1, 60):
        command = [sys.executable, "-c", KILLED, str(store.root), str(step)]
        run = subprocess.run(command, cwd=ROOT, input=CONTENT, capture_output=True, check=False)
        for sha256 in store:
            assert store.open_verified(sha256) == CONTENT
            store.path(sha256).unlink()
        finished = run.stdout == b"stored\n"
        if finished:
            break
        assert run.returncode == -signal.SIGKILL
    assert finished
    assert step > 5
    assert not store.sweep_orphans((), older_than=datetime.fromtimestamp(0, UTC))
    assert (store.root / "incoming").is_dir()
