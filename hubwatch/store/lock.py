"""One writer to a store, one delivery of a record: locks beside the store that die with their holder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from zlib import crc32

from hubwatch.errors import StoreError, StoreHeldError


def hold(path: Path, *, wait_s: float = 0) -> AbstractContextManager[None]:
    """Hold the store for one sync; raise StoreHeldError when another still has it after `wait_s`."""
    return _hold(
        path,
        "lock",
        wait_s,
        held=f"another hubwatch is writing to {path}",
        hint="wait for it to end, or let this one wait with --wait SECONDS",
    )


def claim(path: Path, record: str, *, wait_s: float) -> AbstractContextManager[None]:
    """Hold a record of deliveries, and neither the store nor other records; else raise StoreHeldError."""
    whose = f" for {record}" if record else ""
    return _hold(
        path,
        # A profile may be called what no file can be; should two share a number, they wait for each other.
        f"new-{crc32(record.encode()):08x}.lock",
        wait_s,
        held=f"another digest --new{whose} is being delivered",
        hint="what it does not show stays new; run this one again",
    )


@contextmanager
def _hold(path: Path, ending: str, wait_s: float, *, held: str, hint: str) -> Iterator[None]:
    from filelock import FileLock, Timeout  # 40 ms, and only for what writes

    from hubwatch.store.db import check_place  # which brings older stores up to date under this lock

    # Looked at before, so that no lock is left beside what is no store; and once more by who then opens it.
    check_place(path)
    # Beside the file itself: who comes by a link must meet who comes by its name.
    real = Path(os.path.realpath(path))
    lock_path = real.with_name(f"{real.name}.{ending}")
    # The operating system's lock: a file left behind by a dead process holds nobody up.
    lock = FileLock(lock_path, timeout=wait_s, fallback_to_soft=False)
    try:
        real.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        if not lock_path.exists():
            # filelock waits also where the lock's file cannot be made at all.
            raise StoreError(
                f"cannot lock the store: no file can be made in {real.parent}",
                path=str(path),
                hint="choose another place with --db FILE",
            ) from error
        waited = f" and did not end within {wait_s:g} s" if wait_s else ""
        raise StoreHeldError(f"{held}{waited}", path=str(path), hint=hint) from error
    except (OSError, NotImplementedError) as error:
        raise StoreError(
            f"cannot lock the store: {lock_path}: {getattr(error, 'strerror', None) or error}",
            path=str(path),
            hint="choose another place with --db FILE",
        ) from error
    try:
        yield
    finally:
        lock.release()
