"""The environment's proxies."""

from __future__ import annotations

import pytest

from hubwatch.errors import FetchError
from hubwatch.net.proxies import Proxies
from hubwatch.net.targets import parse

PROXY = "http://proxy.test:8080"
TABLE = {
    "none": ({}, "http://a.org/", None),
    "http": ({"HTTP_PROXY": PROXY}, "http://a.org/", "proxy.test:8080"),
    "http is not for https": ({"HTTP_PROXY": PROXY}, "https://a.org/", None),
    "https": ({"https_proxy": PROXY}, "https://a.org/", "proxy.test:8080"),
    "all": ({"ALL_PROXY": PROXY}, "https://a.org/", "proxy.test:8080"),
    "small letters win": (
        {"HTTP_PROXY": "http://b:1", "http_proxy": PROXY},
        "http://a.org/",
        "proxy.test:8080",
    ),
    "no scheme": ({"HTTP_PROXY": "proxy.test:8080"}, "http://a.org/", "proxy.test:8080"),
    "a visitor's header in CGI": ({"HTTP_PROXY": PROXY, "REQUEST_METHOD": "GET"}, "http://a.org/", None),
    "exempt": ({"HTTP_PROXY": PROXY, "NO_PROXY": "b.org, a.org"}, "http://a.org/", None),
    "exempt below": ({"HTTP_PROXY": PROXY, "NO_PROXY": ".a.org"}, "http://x.a.org/", None),
    "exempt by star": ({"HTTP_PROXY": PROXY, "no_proxy": "*"}, "http://a.org/", None),
    "exempt star below": ({"HTTP_PROXY": PROXY, "no_proxy": "*.a.org"}, "http://x.a.org/", None),
    "not exempt": ({"HTTP_PROXY": PROXY, "NO_PROXY": "a.org"}, "http://ba.org/", "proxy.test:8080"),
    "exempt port": ({"HTTP_PROXY": PROXY, "NO_PROXY": "a.org:81"}, "http://a.org:81/", None),
    "another port": ({"HTTP_PROXY": PROXY, "NO_PROXY": "a.org:81"}, "http://a.org/", "proxy.test:8080"),
    "exempt network": ({"HTTP_PROXY": PROXY, "NO_PROXY": "10.0.0.0/8"}, "http://10.1.2.3/", None),
    "network, a name": ({"HTTP_PROXY": PROXY, "NO_PROXY": "10.0.0.0/8"}, "http://a.org/", "proxy.test:8080"),
    "exempt IPv6": ({"HTTP_PROXY": PROXY, "NO_PROXY": "[::1]"}, "http://[::1]/", None),
}


@pytest.mark.parametrize(("env", "url", "expected"), TABLE.values(), ids=TABLE)
def test_which_proxy_stands_before_an_address(env: dict[str, str], url: str, expected: str | None) -> None:
    found = Proxies.of(env).find(parse(url))

    assert (found.key if found else None) == expected


@pytest.mark.parametrize(
    "proxy",
    ["socks5://me:s3cret@proxy.test:1080", "me:s3#cret@proxy.test:1080", "http://me:s3/cret@proxy.test:1080"],
)
def test_a_proxy_that_cannot_be_used_is_named_without_its_password(proxy: str) -> None:
    with pytest.raises(FetchError) as caught:
        Proxies.of({"ALL_PROXY": proxy}).find(parse("http://a.org/"))

    assert caught.value.code == "proxy"
    assert "proxy.test" in caught.value.message
    assert "cret" not in caught.value.message
