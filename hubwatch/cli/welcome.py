"""What `hubwatch` alone says: in a dozen lines, what to type."""

from __future__ import annotations

_WELCOME = """hubwatch follows the announcements of the U.S. manufacturing innovation hubs.

  hubwatch demo                        try it, no network needed
  hubwatch init                        three questions, then your first digest
  hubwatch sync                        read every hub that is due
  hubwatch topics                      the technology areas
  hubwatch digest --topic lightweight  what is new in one of them
  hubwatch calls                       open project calls by deadline
  hubwatch hubs --near "Dayton, OH"    the hubs nearest to you
  hubwatch search "Ti-6Al-4V"          everything kept
  hubwatch --help                      all commands
"""


def welcome() -> str:
    """Return the first words for somebody who typed nothing else."""
    return _WELCOME.rstrip("\n")
