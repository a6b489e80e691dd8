"""Where somebody is, and what is near: the bundled gazetteer and the distances."""

from __future__ import annotations

import math

import pytest

from hubwatch import catalog
from hubwatch.catalog.places import distance_km, find_place, near
from hubwatch.errors import UnknownNameError
from hubwatch.models import Place


@pytest.mark.parametrize(
    ("text", "name", "state", "latitude", "longitude"),
    [
        ("44503", "Youngstown", "OH", 41.10, -80.65),
        ("44503-1811", "Youngstown", "OH", 41.10, -80.65),
        ("02139", "Cambridge", "MA", 42.36, -71.10),
        ("00901", "San Juan", "PR", 18.47, -66.11),
        ("99501", "Anchorage", "AK", 61.21, -149.88),
        ("Detroit, MI", "Detroit", "MI", 42.33, -83.05),
        ("detroit,mi", "Detroit", "MI", 42.33, -83.05),
        ("Detroit MI", "Detroit", "MI", 42.33, -83.05),
        ("Detroit, Michigan", "Detroit", "MI", 42.33, -83.05),
        ("Detroit, MI 48201", "Detroit", "MI", 42.33, -83.05),
        ("Detroit", "Detroit", "MI", 42.33, -83.05),
        ("Raleigh North Carolina", "Raleigh", "NC", 35.77, -78.64),
        ("Saint Louis, MO", "St. Louis", "MO", 38.63, -90.20),
        ("st louis, mo", "St. Louis", "MO", 38.63, -90.20),
        ("Ft. Worth, TX", "Fort Worth", "TX", 32.73, -97.32),
        ("New York, NY", "New York", "NY", 40.71, -74.01),
        ("Washington, DC", "Washington", "DC", 38.90, -77.04),
        ("Canon City, CO", "Cañon City", "CO", 38.44, -105.24),
        ("Winston-Salem, NC", "Winston-Salem", "NC", 36.10, -80.24),
        ("O'Fallon, IL", "O'Fallon", "IL", 38.59, -89.91),
        ("De Kalb, IL", "DeKalb", "IL", 41.93, -88.75),
        ("LaPorte, IN", "La Porte", "IN", 41.61, -86.72),
        ("Coeur d Alene, ID", "Coeur d'Alene", "ID", 47.68, -116.78),
        ("West Henrietta, NY", "West Henrietta", "NY", 43.04, -77.66),
        ("OH", "Ohio", "OH", 40.5, -82.8),
        ("ohio", "Ohio", "OH", 40.5, -82.8),
        ("Puerto Rico", "Puerto Rico", "PR", 18.3, -66.3),
    ],
)
def test_places_are_found_as_people_write_them(
    text: str, name: str, state: str, latitude: float, longitude: float
) -> None:
    place = find_place(text)
    assert (place.name, place.state) == (name, state)
    assert abs(place.latitude - latitude) < 0.2
    assert abs(place.longitude - longitude) < 0.2


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("Youngstwon, OH", "Youngstown, OH"),
        ("Detriot, MI", "Detroit, MI"),
        ("Pittsburg PA", "Pittsburgh, PA"),
        ("Springfield", "Springfield, MO"),
        ("44599", "44555"),
        ("00000", None),
        ("qqqqqqqqqqqq", None),
        ("", None),
        (", MI", None),
        ("ZZ", None),
        ("Zz, OH", None),
    ],
)
def test_an_unknown_place_gets_the_nearest_one(text: str, nearest: str | None) -> None:
    with pytest.raises(UnknownNameError) as caught:
        find_place(text)
    assert caught.value.nearest == nearest
    assert caught.value.hint


@pytest.mark.parametrize("hub", catalog.hubs(), ids=lambda hub: hub.id)
def test_each_hubs_city_is_in_the_gazetteer_at_its_coordinates(hub) -> None:
    if hub.city == "Materials Park":
        pytest.skip("the postal name of one campus")
    assert distance_km(find_place(f"{hub.city}, {hub.state}"), hub) < 15


@pytest.mark.parametrize("state", {**catalog.STATES, **catalog.TERRITORIES})
def test_each_state_is_a_place(state: str) -> None:
    assert find_place(state).state == state


# --- distances ------------------------------------------------------------------------------------

# Coordinates, and kilometers by the spherical law of cosines on the mean radius.
PAIRS = {
    "Youngstown, Detroit": ((41.0998, -80.6495), (42.3314, -83.0458)),
    "New York, Los Angeles": ((40.7128, -74.0060), (34.0522, -118.2437)),
    "Anchorage, Honolulu": ((61.2181, -149.9003), (21.3069, -157.8583)),
    "San Juan, Boston": ((18.4655, -66.1057), (42.3601, -71.0589)),
    "Guam, Honolulu, over the date line": ((13.4443, 144.7937), (21.3069, -157.8583)),
    "Chicago, Rochester": ((41.8781, -87.6298), (43.1566, -77.6088)),
    "Tempe, Raleigh": ((33.4255, -111.94), (35.7796, -78.6382)),
    "Knoxville, Oak Ridge": ((35.9606, -83.9207), (36.0104, -84.2696)),
    "pole to equator": ((90.0, 0.0), (0.0, 57.0)),
    "half around": ((0.0, 0.0), (0.0, 180.0)),
}


@pytest.mark.parametrize("name", PAIRS)
def test_distances_agree_with_the_law_of_cosines(name: str) -> None:
    (south, west), (north, east) = PAIRS[name]
    a, b = (math.radians(value) for value in (south, north))
    cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(math.radians(east - west))
    expected = 6371.0088 * math.acos(max(-1.0, min(1.0, cosine)))
    first = Place(name="a", state="OH", latitude=south, longitude=west)
    second = Place(name="b", state="OH", latitude=north, longitude=east)
    assert distance_km(first, second) == pytest.approx(expected, abs=0.05)
    assert distance_km(second, first) == pytest.approx(expected, abs=0.05)
    assert distance_km(first, first) == 0


@pytest.mark.parametrize(
    ("text", "hub"),
    [
        ("44503", "america-makes"),
        ("Youngstown, OH", "america-makes"),
        ("Detroit, MI", "lift"),
        ("60601", "mxd"),
        ("Rochester, NY", "remade"),
        ("85281", "epixc"),
        ("Knoxville, TN", "iacmi"),
        ("15213", "arm"),
    ],
)
def test_the_nearest_hub_stands_first(text: str, hub: str) -> None:
    found = near(find_place(text))
    assert found[0][0].id == hub
    distances = [round(km) for _, km in found]
    assert distances == sorted(distances)
    assert len(found) == len(catalog.hubs())
