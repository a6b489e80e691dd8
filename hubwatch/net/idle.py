"""Connections that stay open after an answer, for the next request to the same host."""

from __future__ import annotations

from hubwatch.net.connect import Connection, Connector, Reach
from hubwatch.net.targets import Target

MOST = 32  # kept at once


class Idle:
    """The connections that wait for another request."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self._places: dict[Connection, str] = {}  # with scheme, name and port; the longest idle first

    def take(self, target: Target, reach: Reach) -> Connection | None:
        """Return a connection to the target's host that may be used for it, if one is there."""
        place = _place(target)
        for connection in [each for each, where in self._places.items() if where == place]:
            if self._connector.may_reuse(connection, target, reach):
                del self._places[connection]
                return connection
        return None

    async def keep(self, connection: Connection, target: Target) -> None:
        """Keep a connection, and close the one that is idle longest where there are too many."""
        self._places[connection] = _place(target)
        if len(self._places) > MOST:
            oldest = next(iter(self._places))
            del self._places[oldest]
            await oldest.close()

    async def close(self) -> None:
        """Close them all."""
        for connection in self._places:
            await connection.close()
        self._places.clear()


def _place(target: Target) -> str:
    return f"{target.scheme}://{target.key}"
