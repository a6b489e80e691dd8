"""The announcements that every publishing system is given: dated, with titles as institutes write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SITE = "Institute for Made-Up Metals"
_NEWEST = datetime(2025, 6, 20, 14, 0, tzinfo=UTC)
_TITLES = """\
Project call opens for aluminum-lithium sheet in light trucks
Six members join the institute this spring
Second workshop on laser powder bed fusion of Inconel 718
Apprentices from three counties finish the casting course
Annual report 2024: what 61 projects have come to
Magnesium die casting line starts up in the pilot plant
State grants $1.2 million for small manufacturers' first robots
How a family-run foundry halved its scrap
New executive director named
Winners of the student competition in forging
Request for information: nanocellulose in packaging films
Members' meeting moves to October
Digital twins for heat treatment: results of project 23-04
Department of Energy renews the institute's agreement
Tensile data of 400 friction stir welds published
Summer teachers' camp takes applications
Two patents licensed to a supplier of battery housings
"Steel and aluminum, joined": a talk at the congress
Project call closes with 38 proposals
Wire-arc additive manufacturing cell moves to its new hall
Cybersecurity guide for machine shops, second edition
Titanium powder recycling: three questions to our engineers
Carbon fiber preforms in 90 seconds
Pilot plant receives its safety award
The institute opens its doors"""
_WORDS = (
    "The institute announced today that {0} has come a step further. Engineers of four members and two"
    " universities have worked on it since last year, and the results are open to everyone in the region.",
    "Small manufacturers can take part without a fee: the pilot plant lends machines, operators and material,"
    " and the first trials take two days. The next steps will be agreed at the members' meeting.",
    "More is to be read in the members' area, where the data, the drawings and the contact persons stand.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One announcement."""

    title: str
    slug: str
    when: datetime
    paragraphs: tuple[str, ...]

    @property
    def day(self) -> str:
        """The day it is dated, as 2025-06-20."""
        return f"{self.when:%Y-%m-%d}"


def posts() -> tuple[Post, ...]:
    """Return the announcements, newest first."""
    return tuple(_post(number, title) for number, title in enumerate(_TITLES.split("\n")))


def _post(number: int, title: str) -> Post:
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    words = tuple(each.format(title[0].lower() + title[1:]) for each in _WORDS)
    when = _NEWEST - timedelta(days=13 * number, hours=number % 5)
    return Post(title=title, slug=slug, when=when, paragraphs=words)
