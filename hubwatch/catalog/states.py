"""The states by their two letters: the fifty, DC and Puerto Rico, and the territories."""

from __future__ import annotations

from collections.abc import Mapping

from hubwatch.text.nearest import nearest

STATES: Mapping[str, str] = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "DC": "District of Columbia",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
    "PR": "Puerto Rico",
}
# No association or MEP center of their own, but places to live in.
TERRITORIES: Mapping[str, str] = {
    "AS": "American Samoa",
    "GU": "Guam",
    "MP": "Northern Mariana Islands",
    "VI": "U.S. Virgin Islands",
}
_CODES = {name.casefold(): code for code, name in {**STATES, **TERRITORIES}.items()}
_CODES |= {"washington dc": "DC", "washington d.c.": "DC", "d.c.": "DC", "virgin islands": "VI"}


def state_code(name: str) -> str | None:
    """Find a state's two letters by these or by its name."""
    written = " ".join(name.casefold().split())
    if written.upper() in STATES or written.upper() in TERRITORIES:
        return written.upper()
    return _CODES.get(written)


def state_meant(name: str) -> str | None:
    """Return the state that was most likely meant, by its name or its letters; None where none is near."""
    return nearest(name, STATES.values()) or nearest(name, STATES)
