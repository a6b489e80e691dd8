"""The program's entry: answers --version at once, everything else through the command line proper."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress

from hubwatch import __version__

_ALLOCATIONS = 50_000  # objects more than before, until those that only refer to each other are looked for


def main() -> int:
    """Run the command line and return its exit code."""
    try:
        code = _main()
    except KeyboardInterrupt:
        code = 130  # before or after the command itself, which says what it has kept: nothing to say here
    if code == 130:
        import signal

        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second one would end us with another code
    return code


def _main() -> int:
    if sys.argv[1:] == ["--version"]:
        # Before typer is imported: 60 ms less for whoever only asks for the version.
        # Past Python's buffer: what a full disk or a reader that is gone did not take would stay in it.
        with suppress(OSError):
            if sys.stdout is not None:  # not closed
                os.write(1, f"hubwatch {__version__}\n".encode())
                return 0
    # Most commands end before there is garbage worth a search: looking for it took a tenth of their time.
    gc.set_threshold(_ALLOCATIONS)
    from hubwatch.cli.main import run

    code = run()
    gc.freeze()  # nor need the interpreter look through everything once more before it ends
    return code


if __name__ == "__main__":
    sys.exit(main())
