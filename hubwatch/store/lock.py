"""One writer: a lock beside the store that dies with the process that holds it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hubwatch.errors import StoreError, StoreHeldError


@contextmanager
def hold(path: Path, *, wait_s: float = 0) -> Iterator[None]:
    """Hold the store for one sync; raise StoreHeldError when another still has it after `wait_s`."""
    from filelock import FileLock, Timeout  # 40 ms, and only for what writes

    lock_path = path.with_name(path.name + ".lock")
    # The operating system's lock: a file left behind by a dead process holds nobody up.
    lock = FileLock(lock_path, timeout=wait_s, fallback_to_soft=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        if not lock_path.exists():
            # filelock waits also where the lock's file cannot be made at all.
            raise StoreError(
                f"cannot lock the store: no file can be made in {path.parent}",
                path=str(path),
                hint="choose another place with --db FILE",
            ) from error
        waited = f" and did not end within {wait_s:g} s" if wait_s else ""
        raise StoreHeldError(
            f"another hubwatch is writing to {path}{waited}",
            path=str(path),
            hint="wait for it to end, or let this one wait with --wait SECONDS",
        ) from error
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
