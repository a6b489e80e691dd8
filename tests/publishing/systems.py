"""How each publishing system is given the posts and makes a site of them, with its own default theme."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from posts import SITE, Post

PER_PAGE = 10


class NotInstalledError(Exception):
    """A publishing system is not there; the text says how to get it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One publishing system: where its list of posts stands, and how its site is made."""

    name: str
    build: Callable[[Path, tuple[Post, ...], str, Path], Path]  # folder, posts, address, tools -> the site
    news: str = "/"  # where its newest posts are listed
    packages: tuple[str, ...] = ()  # of the Python or npm registry, or of Debian
    registry: str = "pip"


def write(path: Path, text: str) -> None:
    """Write a file with the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def copy(templates: str, folder: Path, address: str) -> None:
    """Copy templates of ours, with the site's name and address put in."""
    home = Path(__file__).parent / "templates" / templates
    for path in (each for each in home.rglob("*") if each.is_file()):
        text = path.read_text(encoding="utf-8").replace("SITE", SITE).replace("ADDRESS", address)
        write(folder / path.relative_to(home), text)


def call(*command: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> None:
    """Run a command; what it says is shown only when it fails."""
    words = [str(each) for each in command]
    done = subprocess.run(
        words, cwd=cwd, capture_output=True, text=True, env={**os.environ, **(env or {})}, timeout=600
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(words)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def program(tools: Path, name: str) -> str:
    """Return a command of the tools' own folders, of this Python, or of the system."""
    places = (tools / "venv/bin", tools / "npm/node_modules/.bin", Path(sys.executable).parent)
    for place in places:
        if (place / name).exists():
            return str(place / name)
    found = shutil.which(name)
    if found is None:
        raise NotInstalledError(f"{name} is not installed; python tests/publishing/build.py --install")
    return found


def _body(post: Post) -> str:
    return "\n\n".join(post.paragraphs) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text)


def pelican(folder: Path, posts: tuple[Post, ...], address: str, tools: Path) -> Path:
    """Pelican, theme notmyidea."""
    for post in posts:
        head = f"Title: {post.title}\nDate: {post.when:%Y-%m-%d %H:%M}\nSlug: {post.slug}\nCategory: News\n"
        write(folder / f"content/{post.slug}.md", f"{head}\n{_body(post)}")
    settings = {
        "SITENAME": SITE, "SITEURL": address, "AUTHOR": "Staff", "PATH": "content", "TIMEZONE": "UTC",
        "DEFAULT_PAGINATION": PER_PAGE, "FEED_ALL_ATOM": "feeds/all.atom.xml", "DEFAULT_LANG": "en",
    }  # fmt: skip
    write(folder / "pelicanconf.py", "".join(f"{key} = {value!r}\n" for key, value in settings.items()))
    call(program(tools, "pelican"), "content", "-s", "pelicanconf.py", "-o", "site", cwd=folder)
    return folder / "site"


def nikola(folder: Path, posts: tuple[Post, ...], address: str, tools: Path) -> Path:
    """Nikola, theme bootblog4."""
    call(program(tools, "nikola"), "init", "-q", "--demo", "demo", cwd=folder)
    home = folder / "demo"
    for made in (home / "posts", home / "pages", home / "galleries", home / "listings"):
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir()
    for post in posts:
        head = f".. title: {post.title}\n.. slug: {post.slug}\n.. date: {post.when:%Y-%m-%d %H:%M:%S} UTC\n"
        write(home / f"posts/{post.slug}.md", f"<!--\n{head}-->\n\n{_body(post)}")
    own = (
        f"\nBLOG_TITLE = {SITE!r}\nSITE_URL = BASE_URL = {address + '/'!r}\n"
        f"INDEX_DISPLAY_POST_COUNT = {PER_PAGE}\n"
        "POSTS = (('posts/*.md', 'posts', 'post.tmpl'),)\nPAGES = ()\nTIMEZONE = 'UTC'\n"
        "NAVIGATION_LINKS = {DEFAULT_LANG: (('/archive.html', 'Archive'), ('/rss.xml', 'RSS feed'))}\n"
    )
    conf = home / "conf.py"
    conf.write_text(conf.read_text(encoding="utf-8") + own, encoding="utf-8")
    call(program(tools, "nikola"), "build", "-q", cwd=home)
    return home / "output"


def mkdocs(folder: Path, posts: tuple[Post, ...], address: str, tools: Path) -> Path:
    """MkDocs with the Material theme, its blog and an RSS plugin."""
    for post in posts:
        first, *rest = post.paragraphs
        text = f"# {post.title}\n\n{first}\n\n<!-- more -->\n\n" + "\n\n".join(rest)
        write(folder / f"docs/blog/posts/{post.slug}.md", f"---\ndate: {post.day}\n---\n\n{text}\n")
    write(folder / "docs/index.md", f"# {SITE}\n\nWe help manufacturers. See our [news](blog/index.md).\n")
    write(folder / "docs/blog/index.md", "# News\n")
    write(
        folder / "mkdocs.yml",
        f"site_name: {SITE}\nsite_url: {address}/\ntheme:\n  name: material\n  font: false\n"
        f"plugins:\n  - blog:\n      pagination_per_page: {PER_PAGE}\n"
        "  - rss:\n      match_path: blog/posts/.*\n      date_from_meta:\n        as_creation: date\n"
        "      use_git: false\n",
    )
    call(program(tools, "mkdocs"), "build", "-q", "-d", "site", cwd=folder)
    return folder / "site"


def hugo(folder: Path, posts: tuple[Post, ...], address: str, tools: Path) -> Path:
    """Hugo with layouts as its quick start writes them, and its own feed, pagination and sitemap."""
    for post in posts:
        head = f"---\ntitle: {_quoted(post.title)}\ndate: {post.when:%Y-%m-%dT%H:%M:%SZ}\n---\n"
        write(folder / f"content/posts/{post.slug}.md", f"{head}\n{_body(post)}")
    write(
        folder / "config.toml",
        f"baseURL = {_quoted(address + '/')}\ntitle = {_quoted(SITE)}\npaginate = {PER_PAGE}\n"
        "[[menu.main]]\nname = 'Posts'\nurl = '/posts/'\n",
    )
    copy("hugo", folder / "layouts", address)
    call(program(tools, "hugo"), "--quiet", "-d", "site", cwd=folder)
    return folder / "site"


def jekyll(folder: Path, posts: tuple[Post, ...], address: str, tools: Path) -> Path:
    """Jekyll, theme minima: a list of all posts on the home page, an Atom feed of ten."""
    for post in posts:
        date = f"{post.when:%Y-%m-%d %H:%M:%S} +0000"
        head = f"---\nlayout: post\ntitle: {_quoted(post.title)}\ndate: {date}\n---\n"
        write(folder / f"_posts/{post.day}-{post.slug}.md", f"{head}\n{_body(post)}")
    write(folder / "index.md", "---\nlayout: home\n---\n")
    write(
        folder / "about.md",
        "---\nlayout: page\ntitle: About\npermalink: /about/\n---\nWe help manufacturers.\n",
    )
    write(
        folder / "_config.yml",
        f"title: {SITE}\nurl: {address}\nbaseurl: ''\ntheme: minima\ntimezone: UTC\n"
        "plugins:\n  - jekyll-feed\n  - jekyll-seo-tag\n",
    )
    call(program(tools, "jekyll"), "build", "-q", "-d", "site", cwd=folder, env={"LANG": "C.UTF-8"})
    return folder / "site"


def hexo(theme: str) -> Callable[[Path, tuple[Post, ...], str, Path], Path]:
    """Hexo with one of its themes."""

    def build(folder: Path, posts: tuple[Post, ...], address: str, tools: Path) -> Path:
        for post in posts:
            head = f"---\ntitle: {_quoted(post.title)}\ndate: {post.when:%Y-%m-%d %H:%M:%S}\n---\n"
            first, *rest = post.paragraphs
            text = f"{first}\n\n<!-- more -->\n\n" + "\n\n".join(rest)
            write(folder / f"source/_posts/{post.slug}.md", f"{head}\n{text}\n")
        names = sorted(each.name for each in (tools / "npm/node_modules").glob("hexo*"))
        packages = dict.fromkeys(names, "*")
        write(
            folder / "package.json",
            json.dumps({"name": "site", "hexo": {"version": ""}, "dependencies": packages}),
        )
        (folder / "node_modules").symlink_to(tools / "npm/node_modules")
        write(
            folder / "_config.yml",
            f"title: {SITE}\nurl: {address}\ntheme: {theme}\nper_page: {PER_PAGE}\ntimezone: UTC\n"
            "permalink: :year/:month/:day/:title/\nindex_generator:\n  path: ''\n"
            f"  per_page: {PER_PAGE}\n  order_by: -date\n"
            "feed:\n  type: atom\n  path: atom.xml\n  limit: 20\n",
        )
        call(program(tools, "hexo"), "generate", "--silent", cwd=folder)
        return folder / "public"

    return build


def eleventy(folder: Path, posts: tuple[Post, ...], address: str, tools: Path) -> Path:
    """Eleventy with a small blog of our own: an ordered list with dates, pages of ten, an Atom feed."""
    for post in posts:
        date = f"{post.when:%Y-%m-%dT%H:%M:%S}Z"
        head = f"---\ntitle: {_quoted(post.title)}\ndate: {date}\ntags: post\nlayout: post.njk\n---\n"
        write(folder / f"src/blog/{post.slug}.md", f"{head}\n{_body(post)}")
    copy("eleventy", folder / "src", address)
    write(folder / "package.json", '{"name": "site", "type": "commonjs"}')
    (folder / "node_modules").symlink_to(tools / "npm/node_modules")
    call(
        program(tools, "eleventy"),
        "--quiet",
        "--config=src/eleventy.config.js",
        "--input=src",
        "--output=site",
        cwd=folder,
    )
    return folder / "site"


def docusaurus(folder: Path, posts: tuple[Post, ...], address: str, tools: Path) -> Path:
    """Docusaurus, preset classic, its blog."""
    for post in posts:
        first, *rest = post.paragraphs
        head = f"---\ntitle: {_quoted(post.title)}\nslug: {post.slug}\n---\n"
        text = f"{first}\n\n<!-- truncate -->\n\n" + "\n\n".join(rest)
        write(folder / f"blog/{post.day}-{post.slug}.md", f"{head}\n{text}\n")
    write(folder / "src/pages/index.md", f"# {SITE}\n\nWe help manufacturers.\n")
    config = {
        "title": SITE, "url": address, "baseUrl": "/",
        "themeConfig": {"navbar": {"title": SITE, "items": [{"to": "/blog", "label": "Blog"}]}},
        "presets": [["classic", {"docs": False, "blog": {"postsPerPage": PER_PAGE, "blogSidebarCount": 5}}]],
    }  # fmt: skip
    write(folder / "docusaurus.config.js", f"module.exports = {json.dumps(config)};\n")
    write(folder / "package.json", '{"name": "site", "version": "1.0.0"}')
    (folder / "node_modules").symlink_to(tools / "npm/node_modules")
    env = {"DOCUSAURUS_NO_TELEMETRY": "1", "CI": "true"}
    call(program(tools, "docusaurus"), "build", "--out-dir", "site", cwd=folder, env=env)
    return folder / "site"


SYSTEMS = (
    System(name="pelican", build=pelican, packages=("pelican[markdown]",)),
    System(name="nikola", build=nikola, packages=("nikola", "aiohttp")),
    System(name="mkdocs", build=mkdocs, news="/blog/", packages=("mkdocs-material", "mkdocs-rss-plugin")),
    System(name="hugo", build=hugo, packages=("hugo",), registry="apt"),
    System(
        name="jekyll", build=jekyll, registry="apt",
        packages=("jekyll", "jekyll-theme-minima", "ruby-jekyll-feed", "ruby-jekyll-seo-tag"),
    ),
    System(
        name="hexo", build=hexo("landscape"), registry="npm",
        packages=(
            "hexo", "hexo-cli", "hexo-theme-landscape", "hexo-generator-index", "hexo-generator-archive",
            "hexo-generator-category", "hexo-generator-tag", "hexo-generator-feed", "hexo-renderer-marked",
            "hexo-renderer-ejs", "hexo-renderer-stylus",
        ),
    ),
    System(name="hexo-next", build=hexo("next"), packages=("hexo-theme-next",), registry="npm"),
    System(name="eleventy", build=eleventy, packages=("@11ty/eleventy",), registry="npm"),
    System(
        name="docusaurus", build=docusaurus, news="/blog", registry="npm",
        packages=("@docusaurus/core", "@docusaurus/preset-classic", "react", "react-dom", "@mdx-js/react"),
    ),
)  # fmt: skip
