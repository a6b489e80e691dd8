"""The built-in directory: what it holds, how it is found, and that its data is sound."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hubwatch import catalog
from hubwatch.catalog.compile import compile_text
from hubwatch.models import SOURCE_KINDS, WHATS

FOLDER = Path(catalog.__file__).parent
HUBS = catalog.hubs()
SOURCES = catalog.all_sources()
INSTITUTES = {
    "america-makes", "mxd", "lift", "poweramerica", "iacmi", "aim-photonics", "nextflex", "affoa", "cesmii",
    "biofabusa", "arm", "niimbl", "rapid", "remade", "cymanii", "biomade", "epixc", "smart-usa",
}  # fmt: skip
# South, west, north, east: generous frames around the states.
FRAMES = {
    "AL": (30.1, -88.5, 35.1, -84.8), "AK": (51.0, -180.0, 71.5, -129.0), "AZ": (31.3, -114.9, 37.1, -109.0),
    "AR": (33.0, -94.7, 36.6, -89.6), "CA": (32.5, -124.5, 42.1, -114.1), "CO": (36.9, -109.1, 41.1, -102.0),
    "CT": (40.9, -73.8, 42.1, -71.7), "DE": (38.4, -75.8, 39.9, -75.0), "DC": (38.7, -77.2, 39.0, -76.9),
    "FL": (24.4, -87.7, 31.1, -80.0), "GA": (30.3, -85.7, 35.1, -80.8), "HI": (18.8, -160.3, 22.3, -154.7),
    "ID": (41.9, -117.3, 49.1, -111.0), "IL": (36.9, -91.6, 42.6, -87.0), "IN": (37.7, -88.1, 41.8, -84.7),
    "IA": (40.3, -96.7, 43.6, -90.1), "KS": (36.9, -102.1, 40.1, -94.5), "KY": (36.4, -89.6, 39.2, -81.9),
    "LA": (28.9, -94.1, 33.1, -88.8), "ME": (42.9, -71.1, 47.5, -66.9), "MD": (37.8, -79.5, 39.8, -75.0),
    "MA": (41.2, -73.6, 42.9, -69.9), "MI": (41.6, -90.5, 48.3, -82.1), "MN": (43.4, -97.3, 49.4, -89.4),
    "MS": (30.1, -91.7, 35.1, -88.0), "MO": (35.9, -95.8, 40.7, -89.0), "MT": (44.3, -116.1, 49.1, -104.0),
    "NE": (39.9, -104.1, 43.1, -95.3), "NV": (35.0, -120.1, 42.1, -114.0), "NH": (42.6, -72.6, 45.4, -70.6),
    "NJ": (38.9, -75.6, 41.4, -73.8), "NM": (31.3, -109.1, 37.1, -103.0), "NY": (40.4, -79.8, 45.1, -71.8),
    "NC": (33.8, -84.4, 36.6, -75.4), "ND": (45.9, -104.1, 49.1, -96.5), "OH": (38.4, -84.9, 42.0, -80.5),
    "OK": (33.6, -103.1, 37.1, -94.4), "OR": (41.9, -124.6, 46.4, -116.4), "PA": (39.7, -80.6, 42.4, -74.6),
    "RI": (41.1, -71.9, 42.1, -71.1), "SC": (32.0, -83.4, 35.3, -78.5), "SD": (42.4, -104.1, 46.0, -96.4),
    "TN": (34.9, -90.4, 36.7, -81.6), "TX": (25.8, -106.7, 36.6, -93.5), "UT": (36.9, -114.1, 42.1, -109.0),
    "VT": (42.7, -73.5, 45.1, -71.4), "VA": (36.5, -83.7, 39.5, -75.2), "WA": (45.5, -124.8, 49.1, -116.9),
    "WV": (37.2, -82.7, 40.7, -77.7), "WI": (42.4, -92.9, 47.2, -86.7), "WY": (40.9, -111.1, 45.1, -104.0),
    "PR": (17.8, -67.4, 18.6, -65.2),
}  # fmt: skip


# --- what it holds ------------------------------------------------------------------------------


def test_every_institute_is_there() -> None:
    assert {hub.id for hub in HUBS if hub.kind == "institute"} == INSTITUTES


def test_each_kind_of_hub_is_there() -> None:
    assert Counter(hub.kind for hub in HUBS) == {
        "institute": 18,
        "national": 17,
        "agency": 12,
        "center": 14,
        "state-association": 59,
        "mep-center": 52,
    }


@pytest.mark.parametrize("state", catalog.STATES)
def test_each_state_has_an_association_and_an_mep_record(state: str) -> None:
    kinds = {hub.kind: hub for hub in HUBS if hub.state == state}
    assert "state-association" in kinds
    mep = catalog.find_hub(f"{state.lower()}-mep")
    assert mep is not None
    assert (mep.kind, mep.state) == ("mep-center", state)
    polled = [source for source in SOURCES if source.hub == mep.id and source.enabled]
    assert polled or (mep.status == "closed" and mep.note), f"{mep.id}: no source, and no word why"


def test_all_jurisdictions_are_states() -> None:
    assert len(catalog.STATES) == 52
    assert not set(catalog.STATES) & set(catalog.TERRITORIES)


@pytest.mark.parametrize("hub", HUBS, ids=lambda hub: hub.id)
def test_each_hub_is_well_described(hub) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", hub.id)
    assert hub.state in catalog.STATES
    assert set(hub.topics) <= set(catalog.topic_names())
    south, west, north, east = FRAMES[hub.state]
    assert south <= hub.latitude <= north, f"{hub.latitude} is not in {hub.state}"
    assert west <= hub.longitude <= east, f"{hub.longitude} is not in {hub.state}"
    assert hub.founded is None or 1850 < hub.founded <= 2026
    assert (hub.ended is None) == (hub.status != "ended")
    text = json.dumps([hub.name, hub.note, hub.former_names, [(f.value, f.evidence) for f in hub.facts]])
    assert not re.search(r"\b(centre|programme|organis|stabilis|\d [MB]\$)", text, re.IGNORECASE)


def test_ids_are_unique() -> None:
    ids = Counter([hub.id for hub in HUBS])
    assert [id_ for id_, count in ids.items() if count > 1] == []
    ids = Counter([source.id for source in SOURCES])
    assert [id_ for id_, count in ids.items() if count > 1] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_each_source_is_a_chain_of_good_addresses(source) -> None:
    assert source.builtin
    assert source.candidates
    assert (source.url, source.kind) == (source.candidates[0].url, source.candidates[0].kind)
    assert source.what in WHATS
    assert source.hub in {hub.id for hub in HUBS}
    assert source.id == source.hub or source.homepage is None
    for candidate in source.candidates:
        parts = urlsplit(candidate.url)
        assert parts.scheme in ("http", "https")
        assert re.fullmatch(r"[a-z0-9.-]+\.[a-z]+", parts.netloc)
        assert not re.search(r"\s", candidate.url)
        assert candidate.kind in SOURCE_KINDS
    assert (source.query is not None) == (source.kind == "grants-gov")


@pytest.mark.parametrize("file", ["hubs", "associations"])
def test_each_address_says_how_sure_it_is(file: str) -> None:
    for hub in catalog.read(file)["hub"]:
        for each in (each for source in hub.get("source", ()) for each in source["candidates"]):
            assert 0 < each["confidence"] <= 1
            assert re.match(r"(seen|named|derived|known|guess)(: .|$)", each["evidence"])


def test_no_address_stands_twice_but_for_the_center_that_serves_two_states() -> None:
    where: dict[str, list[str]] = {}
    for source in SOURCES:
        for candidate in source.candidates:
            where.setdefault(candidate.url, []).append(source.id)
    twice = {url: ids for url, ids in where.items() if len(ids) > 1}
    assert twice == {"https://mdmep.org/feed/": ["dc-mep", "md-mep"]}


def test_what_is_over_is_in_the_directory_and_not_polled() -> None:
    over = {hub.id for hub in HUBS if hub.status in ("ended", "closed")}
    assert over == {"smart-usa", "nnci", "ak-mep"}
    assert not any(source.enabled for source in SOURCES if source.hub in over)


def test_the_network_site_is_the_last_way_to_an_institute() -> None:
    for source in SOURCES:
        if source.hub in INSTITUTES and source.id == source.hub:
            assert source.candidates[-1].url.startswith("https://www.manufacturingusa.com/institutes/")


def test_compiled_files_are_in_step() -> None:
    for name in ("hubs", "associations"):
        compiled = (FOLDER / "compiled" / f"{name}.json").read_text(encoding="utf-8")
        assert compiled == compile_text(FOLDER / f"{name}.toml"), "run python -m hubwatch.catalog.compile"


# --- groups -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("groups", "states", "kinds"),
    [
        (("institutes",), (), {"institute"}),
        (("national",), (), {"national", "agency"}),
        (("centers",), (), {"center"}),
        (("mep",), (), {"mep-center"}),
        (("states",), (), {"state-association"}),
        (("institutes", "centers"), (), {"institute", "center"}),
        (("state:OH",), (), {"state-association", "mep-center"}),
        ((), ("OH",), {"state-association", "mep-center"}),
        ((), (), set()),
    ],
)
def test_groups_are_kinds_of_hubs(groups, states, kinds) -> None:
    found = catalog.sources(groups, states)
    of = {hub.id: hub for hub in HUBS}
    assert {of[source.hub].kind for source in found} == kinds
    if "state:OH" in groups or "OH" in states:
        assert {source.id for source in found} == {"oh-oma", "oh-mep"}


def test_the_default_groups_hold_what_the_user_is_promised() -> None:
    found = {source.id for source in catalog.sources(("institutes", "national"))}
    assert (INSTITUTES - {"smart-usa"}) <= found
    assert {"amnpo", "nam", "nist-mep", "grants-gov", "federal-register-additive", "lift-members"} <= found


# --- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "hub"),
    [
        ("lift", "lift"),
        ("LIFT", "lift"),
        ("lm3i", "lift"),
        ("LMI", "lift"),
        ("ALMMII", "lift"),
        ("Lightweight Innovations For Tomorrow", "lift"),
        ("NAMII", "america-makes"),
        ("America Makes", "america-makes"),
        ("america makes", "america-makes"),
        ("dmdii", "mxd"),
        ("UI Labs", "mxd"),
        ("MxD", "mxd"),
        ("NNMI", "manufacturing-usa"),
        ("fhe mii", "nextflex"),
        ("FHE-MII", "nextflex"),
        ("AIM", "aim-photonics"),
        ("armi", "biofabusa"),
        ("BioFabUSA", "biofabusa"),
        ("ARM", "arm"),
        ("NIIMBL", "niimbl"),
        ("The Composites Institute", "iacmi"),
        ("EERE", "doe-cmei"),
        ("IEDO", "doe-iedo"),
        ("Edison Welding Institute", "ewi"),
        ("Ohio Manufacturers' Association", "oh-oma"),
        ("AM CoE", "astm-amcoe"),
        ("SMART USA", "smart-usa"),
        ("nano.gov", "nni"),
        ("MMA", None),
        ("AMO", "doe-ammto"),
        ("", None),
        ("the", None),
        ("no such hub", None),
    ],
)
def test_hubs_are_found_by_any_of_their_names(name: str, hub: str | None) -> None:
    found = catalog.find_hub(name)
    assert (found.id if found else None) == hub


def test_a_name_of_several_hubs_tells_which() -> None:
    assert catalog.hub_ids_named("MMA") == ("mi-mma", "ms-mma")


@pytest.mark.parametrize("hub", HUBS, ids=lambda hub: hub.id)
def test_each_hub_is_found_by_its_own_name(hub) -> None:
    assert hub.id in catalog.hub_ids_named(hub.name)
    assert catalog.find_hub(hub.id) == hub


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("OH", "OH"),
        ("oh", "OH"),
        (" Ohio ", "OH"),
        ("new  york", "NY"),
        ("Washington, D.C.", None),
        ("XX", None),
    ],
)
def test_states_are_found_by_letters_and_name(name: str, code: str | None) -> None:
    assert catalog.state_code(name) == code


def test_the_seventeen_areas_have_names() -> None:
    assert len(catalog.topic_names()) == 17
    assert {"lightweight", "additive", "nanomaterials"} <= set(catalog.topic_names())
