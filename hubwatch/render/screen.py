"""The console that rich writes to stdout by."""

from __future__ import annotations

from rich.console import Console

from hubwatch.render import tables


class Screen(Console):
    """A console that leaves a closed pipe (`| head`) to be met where all commands have it met."""

    def __init__(self, width: int | None = None) -> None:
        super().__init__(width=width)
        if not self.width:  # COLUMNS=0, as some containers and editors have it: rich would print nothing
            self.width = tables.width()

    def on_broken_pipe(self) -> None:
        """Let the error rise: rich would end the program here, with code 1."""
        raise  # rich calls this while it handles the error
