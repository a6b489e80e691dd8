"""Places of the United States, for `--near`: ZIP codes, "City, ST", states; and how far it is to each hub."""

from __future__ import annotations

import math
import re
import unicodedata
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from hubwatch.catalog import hubs
from hubwatch.catalog.states import STATES, TERRITORIES, state_code
from hubwatch.errors import CatalogError, UnknownNameError
from hubwatch.models import Hub, Place

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
KM_PER_MILE = 1.609344

_FOLDER = Path(__file__).parent
_ZIP = re.compile(r"(\d{5})(?:-?\d{4})?")
_KIND_OF_PLACE = re.compile(r" (?:township|twp|charter township|city|town|village|borough)$")
_SHORTEST = 4  # letters of a name for which a nearest one is told
_FAR_LARGER = 10  # times the people: "Detroit" is the one in Michigan, "Springfield" is none
_SHORT = {"saint": "st", "sainte": "ste", "fort": "ft", "mount": "mt"}
# Of hubs at one place, those that most people look for stand first.
_KINDS = ("institute", "center", "mep-center", "state-association", "national", "agency")
_HINT = 'write a ZIP code, "City, ST" or a state: 44503, "Detroit, MI", OH'
# Where the people of a state live, on average: from the populations of its places.
_CENTERS = {
    "AL": (33.04, -86.73),
    "AK": (61.32, -149.16),
    "AZ": (33.35, -111.92),
    "AR": (35.19, -92.68),
    "CA": (35.33, -119.29),
    "CO": (39.58, -105.14),
    "CT": (41.46, -72.92),
    "DE": (39.42, -75.58),
    "DC": (38.90, -77.03),
    "FL": (27.65, -81.50),
    "GA": (33.27, -83.86),
    "HI": (21.23, -157.69),
    "ID": (44.15, -115.33),
    "IL": (41.47, -88.21),
    "IN": (40.20, -86.27),
    "IA": (41.93, -93.01),
    "KS": (38.48, -96.34),
    "KY": (38.06, -85.09),
    "LA": (30.58, -91.35),
    "ME": (44.23, -69.77),
    "MD": (39.16, -76.79),
    "MA": (42.29, -71.31),
    "MI": (42.73, -84.00),
    "MN": (45.09, -93.45),
    "MS": (32.41, -89.59),
    "MO": (38.56, -92.31),
    "MT": (46.69, -111.11),
    "NE": (41.15, -97.09),
    "NV": (36.96, -116.13),
    "NH": (43.14, -71.44),
    "NJ": (40.48, -74.39),
    "NM": (34.66, -106.35),
    "NY": (40.95, -74.16),
    "NC": (35.53, -79.59),
    "ND": (47.32, -99.28),
    "OH": (40.51, -82.76),
    "OK": (35.62, -96.97),
    "OR": (44.85, -122.64),
    "PA": (40.34, -76.60),
    "RI": (41.75, -71.45),
    "SC": (33.87, -80.94),
    "SD": (43.96, -98.96),
    "TN": (35.68, -87.17),
    "TX": (30.98, -97.52),
    "UT": (40.45, -111.95),
    "VT": (44.07, -72.87),
    "VA": (37.78, -77.44),
    "WA": (47.29, -121.58),
    "WV": (38.90, -80.91),
    "WI": (43.55, -88.85),
    "WY": (42.58, -106.92),
    "PR": (18.31, -66.29),
    "AS": (-14.31, -170.70),
    "GU": (13.48, 144.80),
    "MP": (15.15, 145.72),
    "VI": (17.95, -64.80),
}


def find_place(text: str) -> Place:
    """Find a place by ZIP code, `City, ST`, or state; UnknownNameError with the nearest one otherwise."""
    written = " ".join(text.split())
    code = state_code(written)
    if code is not None:
        latitude, longitude = _CENTERS[code]
        name = {**STATES, **TERRITORIES}[code]
        return Place(name=name, state=code, latitude=latitude, longitude=longitude)
    if _ZIP.fullmatch(written):
        return _by_zip(written)
    city, state = _split(written)
    return _in_state(city, state, written) if state else _anywhere(city, written)


def distance_km(a: Place | Hub, b: Place | Hub) -> float:
    """Measure the great-circle distance between two places that have coordinates (haversine)."""
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        raise ValueError(f"no coordinates: {a if a.latitude is None else b}")
    south, north = math.radians(a.latitude), math.radians(b.latitude)
    east = math.radians(b.longitude - a.longitude)
    half = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def near(place: Place) -> tuple[tuple[Hub, float], ...]:
    """List the hubs with their distances in km, the nearest first."""
    found = [(hub, distance_km(place, hub)) for hub in hubs() if hub.latitude is not None]
    return tuple(sorted(found, key=lambda pair: (round(pair[1]), _KINDS.index(pair[0].kind), pair[0].name)))


def fold(name: str) -> str:
    """Write a place's name as it is looked up: plain lower-case letters, St. for Saint."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", " ", plain.replace("'", "")).split()
    return " ".join(_SHORT.get(word, word) for word in words)


# --- looking up ---------------------------------------------------------------------------------


def _by_zip(written: str) -> Place:
    code = written[:5]
    data = _data("zips")
    start = data.find(f"\n{code}\t")
    if start < 0:
        raise UnknownNameError("ZIP code", code, _nearest_zip(data, code), hint=_HINT)
    _, name, state, latitude, longitude = _line(data, start)
    return Place(name=name, state=state, latitude=float(latitude), longitude=float(longitude))


def _in_state(city: str, state: str, written: str) -> Place:
    data = _data("places")
    for name in (fold(city), _KIND_OF_PLACE.sub("", fold(city))):
        start = data.find(f"\n{name}\t{state}\t") if name else -1
        if start >= 0:
            return _place(_line(data, start))
    parted = re.search(f"\n{' ?'.join(fold(city).replace(' ', ''))}\t{state}\t", data)  # De Kalb is DeKalb
    if parted:
        return _place(_line(data, parted.start()))
    names = re.findall(rf"\n[^\t]*\t{state}\t([^\t]*)", data)
    raise UnknownNameError("place", written, _nearest_name(city, names, f", {state}"), hint=_HINT)


def _anywhere(city: str, written: str) -> Place:
    """Take a city without its state if there is but one of that name, or one far larger than the others."""
    data = _data("places")
    found = list(_lines(data, f"\n{fold(city)}\t")) if city else []
    if found:
        found.sort(key=lambda line: -int(line[5]))
        largest = found[0]
        if len(found) == 1 or int(largest[5]) > _FAR_LARGER * int(found[1][5]):
            return _place(largest)
        states = ", ".join(sorted(line[1] for line in found))
        hint = f"places of that name are in {states}"
        raise UnknownNameError("place", written, f"{largest[2]}, {largest[1]}", hint=hint)
    names = [f"{name}, {state}" for state, name in re.findall(r"\n[^\t]*\t(..)\t([^\t]*)", data)]
    raise UnknownNameError("place", written, _nearest_name(city, names), hint=_HINT)


def _split(written: str) -> tuple[str, str | None]:
    """Part the city from the state behind it; a ZIP code after both is passed over."""
    city = re.sub(r"[\s,]+\d{5}(-\d{4})?$|,?\s*(USA|U\.S\.A?\.?|US)$", "", written)
    head, comma, tail = city.rpartition(",")
    if comma and state_code(tail):
        return head.strip(" ,"), state_code(tail)
    words = city.split(" ")
    for count in (1, 2, 3):  # "Detroit MI", "Raleigh North Carolina", "Washington District of Columbia"
        state = state_code(" ".join(words[-count:])) if len(words) > count else None
        if state:
            return " ".join(words[:-count]).strip(" ,"), state
    return city, None


def _place(line: list[str]) -> Place:
    return Place(name=line[2], state=line[1], latitude=float(line[3]), longitude=float(line[4]))


# --- the data: lines of text between line ends, found by their beginning ---------------------------


@cache
def _data(name: str) -> str:
    path = _FOLDER / f"{name}.txt.gz"
    try:
        return zlib.decompress(path.read_bytes(), wbits=31).decode()
    except (OSError, zlib.error) as error:
        raise CatalogError(f"the built-in data {path} cannot be read: {error}") from error


def _line(data: str, start: int) -> list[str]:
    return data[start + 1 : data.index("\n", start + 1)].split("\t")


def _lines(data: str, beginning: str) -> Iterator[list[str]]:
    start = data.find(beginning)
    while start >= 0:
        yield _line(data, start)
        start = data.find(beginning, start + 1)


def _nearest_zip(data: str, code: str) -> str | None:
    """Find the ZIP code nearest in number, if it is of the same region."""
    same = [int(found) for found in re.findall(rf"\n({code[:3]}\d\d)\t", data)]
    return f"{min(same, key=lambda other: abs(other - int(code))):05d}" if same else None


def _nearest_name(city: str, names: list[str], suffix: str = "") -> str | None:
    if len(fold(city)) < _SHORTEST:
        return None  # two or three letters are a part of everything
    from rapidfuzz import process  # 36,000 names: difflib takes a second for them

    found = process.extractOne(city, names, processor=fold, score_cutoff=70)
    return found[0] + suffix if found else None
