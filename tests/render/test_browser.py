"""The HTML digest in a real browser: hostile text runs and loads nothing, and it can be used."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape, unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from hubwatch.models import Digest, Section
from hubwatch.render import web

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here to open the digest in")

# Every way that a text in a page has ever run; each would ask our own server for /ran.
RUNS = (
    "<script src='{base}/ran'></script>",
    "<script>new Image().src='{base}/ran';document.title='ran'</script>",
    "<img src='{base}/ran' onerror=\"document.title='ran'\">",
    "<svg onload=\"document.title='ran'\"><use href='{base}/ran#x'/></svg>",
    "</style></title></a></h3><style>@import '{base}/ran';body{{background:url({base}/ran)}}</style>",
    "<iframe srcdoc=\"<script>parent.document.title='ran'</script>\"></iframe>"
    "<meta http-equiv=refresh content='0;{base}/ran'>",
    '" autofocus onfocus="document.title=\'ran\'" x="',
    "<link rel=stylesheet href='{base}/ran'><object data='{base}/ran'></object><base href='{base}/'>",
    "{{{{ cycler.__init__.__globals__ }}}}",
)


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A server that nobody is to ask: its address, and what it was asked for."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", paths
    server.shutdown()
    server.server_close()


@pytest.fixture
def browse(tmp_path: Path) -> Callable[..., str]:
    """Open a page in the browser and return its document as it then stands."""

    def run(text: str, *options: str) -> str:
        page = tmp_path / "page.html"
        page.write_text(text, encoding="utf-8")
        profile = tmp_path / "profile"
        command = [
            str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-extensions", "--disable-background-networking", f"--user-data-dir={profile}",
            *options, "--virtual-time-budget=2000", "--dump-dom", page.as_uri(),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0 or not done.stdout:
            pytest.skip(f"Chromium does not start here: {done.stderr[-200:]}")
        return done.stdout

    return run


def hostile(digest: Digest, attack: str) -> Digest:
    match = digest.ranked[0]
    item = replace(
        match.item,
        title=attack,
        summary=attack,
        source_name=attack,
        url=f"https://x.test/{attack}",
        source=attack,
    )
    bad = replace(match, item=item, reasons=(attack,), context=None)
    also = tuple(replace(c, source_name=attack) for c in match.also)
    trend = replace(digest.trends[0], name=attack)
    return replace(
        digest,
        title=attack,
        sections=(Section(title=attack, matches=(replace(bad, also=also), replace(bad, context=attack))),),
        health=(attack,),
        trends=(trend,),
    )


def without_policy(page: str) -> str:
    """Take the policy out: the escaping must hold by itself."""
    return re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)


def test_nothing_runs_and_nothing_is_asked_for(
    digest: Digest, asked: tuple[str, list[str]], browse: Callable[..., str]
) -> None:
    base, paths = asked
    attack = "".join(RUNS).format(base=base)
    for page in (web.render(hostile(digest, attack)), web.render(hostile(digest, attack), mail=True)):
        shown = browse(without_policy(page))
        assert "<title>ran</title>" not in shown
        assert shown.count("<script") == 0
    assert paths == []


def test_the_test_itself_would_notice(asked: tuple[str, list[str]], browse: Callable[..., str]) -> None:
    base, paths = asked
    shown = browse(f"<!doctype html><title>x</title>{''.join(RUNS[:3]).format(base=base)}")
    assert "<title>ran</title>" in shown
    assert "/ran" in paths


def test_the_policy_alone_would_stop_it_too(
    digest: Digest, asked: tuple[str, list[str]], browse: Callable[..., str]
) -> None:
    base, paths = asked
    page = web.render(digest).replace("</main>", "".join(RUNS[:5]).format(base=base) + "</main>")
    assert "<title>ran</title>" not in browse(page)
    assert paths == []


AUDIT = f"<script>{(Path(__file__).parent / 'audit.js').read_text()}</script>"


def audit(page: str, browse: Callable[..., str], *, width: int, dark: bool) -> list[str]:
    """Open a page at this width and return the faults that were found in it."""
    # A frame has the width asked for; a headless window has a least one.
    frame = escape(without_policy(page).replace("</body>", f"{AUDIT}</body>"))
    style = f"border:0;width:{width}px;height:900px"
    options = ["--blink-settings=preferredColorScheme=0"] if dark else []
    outer = f'<!doctype html><title></title><iframe style="{style}" srcdoc="{frame}"></iframe>'
    shown = browse(outer, "--window-size=1400,1000", *options)
    found: list[str] = json.loads(unescape(re.findall("<title>(.*?)</title>", shown)[0]))
    return found


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_it_can_be_used(dark: bool, width: int, digest: Digest, browse: Callable[..., str]) -> None:
    long = replace(digest.ranked[0].item, title="W" * 300, source_name="V" * 200)
    section = Section(title="U" * 120, matches=(replace(digest.ranked[0], item=long, reasons=("T" * 300,)),))
    page = web.render(replace(digest, sections=(*digest.sections, section)))
    assert audit(page, browse, width=width, dark=dark) == []


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        pytest.param(web.DARK["soft"], web.DARK["panel"], "contrast", id="contrast in the dark"),
        pytest.param("max-width: 46rem", "width: 46rem", "sideways", id="width"),
        pytest.param('id="items"', 'id="other"', "dead #items", id="dead link"),
    ],
)
def test_the_audit_itself_would_notice(
    right: str, wrong: str, fault: str, digest: Digest, browse: Callable[..., str]
) -> None:
    found = audit(web.render(digest).replace(right, wrong), browse, width=390, dark=True)
    assert any(fault in each for each in found)


def test_a_name_written_from_right_to_left_does_not_carry_the_date_with_it(
    digest: Digest, browse: Callable[..., str]
) -> None:
    match = digest.ranked[0]
    bad = replace(match, item=replace(match.item, source_name="מכון הייצור"))
    page = web.render(replace(digest, sections=(Section(title="Calls", matches=(bad,)),)))
    look = """<script>const [name, day] = ['.publisher', '.facts time'].map((s) => document.querySelector(s));
      const rects = day.getClientRects(), range = document.createRange(); range.selectNode(day);
      document.title = rects.length === 1 && rects[0].left > name.getBoundingClientRect().right
        ? 'in order' : 'mixed'</script>"""
    page = page.replace("</body>", f"{look}</body>")
    assert "<title>in order</title>" in browse(without_policy(page))
