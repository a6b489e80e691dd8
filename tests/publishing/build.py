"""Build the same announcements into a site with each publishing system: python tests/publishing/build.py.

Sites and tools go to a cache folder outside the repository, where the tests look for them. `--install` gets
the systems from the package registries first (those of Debian only as root).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import posts
import systems

PLACEHOLDER = "http://site-under-test.example"  # stands in the files where the address of the site belongs


def cache_folder() -> Path:
    """Where sites and tools are kept: HUBWATCH_TEST_SITES, else the user's cache folder."""
    named = os.environ.get("HUBWATCH_TEST_SITES")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(named) if named else home / "hubwatch-test-sites"


def install(chosen: Sequence[systems.System], tools: Path) -> None:
    """Install the chosen systems, each registry asked once."""
    wanted = {
        registry: [name for each in chosen if each.registry == registry for name in each.packages]
        for registry in ("pip", "npm", "apt")
    }
    if wanted["pip"]:
        if not (tools / "venv").exists():
            subprocess.run([sys.executable, "-m", "venv", str(tools / "venv")], check=True)
        subprocess.run([str(tools / "venv/bin/pip"), "install", "-q", *wanted["pip"]], check=True)
    if wanted["npm"]:
        folder = tools / "npm"
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "package.json").exists():
            (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", *wanted["npm"]], cwd=folder, check=True)
    if wanted["apt"]:
        command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *wanted["apt"]]
        subprocess.run(command, check=True)


def build(system: systems.System, cache: Path) -> Path:
    """Build one system's site anew and put it in its place in the cache."""
    with tempfile.TemporaryDirectory() as folder:
        made = system.build(Path(folder), posts.posts(), PLACEHOLDER, cache / "tools")
        target = cache / "sites" / system.name
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(made, target)
    about = {
        "system": system.name,
        "placeholder": PLACEHOLDER,
        "news": system.news,
        "posts": [{"title": each.title, "slug": each.slug, "day": each.day} for each in posts.posts()],
    }
    (cache / "sites" / f"{system.name}.json").write_text(json.dumps(about, indent=1), encoding="utf-8")
    return target


def main() -> int:
    """Build the systems named, or all; return 1 when one could not be built."""
    known = {system.name: system for system in systems.SYSTEMS}
    parser = argparse.ArgumentParser(description="Build a site with each publishing system.")
    parser.add_argument("names", nargs="*", metavar="SYSTEM", help=", ".join(known))
    parser.add_argument("--install", action="store_true", help="install them first")
    parser.add_argument("--into", type=Path, default=cache_folder(), help="the cache folder")
    options = parser.parse_args()
    unknown = set(options.names) - known.keys()
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    chosen = [known[name] for name in options.names or known]
    if options.install:
        install(chosen, options.into / "tools")
    failed = 0
    for system in chosen:
        try:
            print(f"{system.name}: {build(system, options.into)}")
        except (systems.NotInstalledError, RuntimeError) as error:
            print(f"{system.name}: not built: {error}", file=sys.stderr)
            failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
