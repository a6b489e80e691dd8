"""The console that rich writes to stdout by."""

from __future__ import annotations

from rich.console import Console


class Screen(Console):
    """A console that leaves a closed pipe (`| head`) to be met where all commands have it met."""

    def on_broken_pipe(self) -> None:
        """Let the error rise: rich would end the program here, with code 1."""
        raise  # rich calls this while it handles the error
