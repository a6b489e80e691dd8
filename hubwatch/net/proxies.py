"""The environment's proxies: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, in either case of letters."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address, ip_network

from hubwatch.errors import FetchError
from hubwatch.models.dataclass import dataclass
from hubwatch.net.addresses import plain_host
from hubwatch.net.targets import Target, parse, show


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxies:
    """Which proxy stands before which address."""

    by_scheme: Mapping[str, str]
    exempt: tuple[str, ...] = ()

    @classmethod
    def of(cls, env: Mapping[str, str]) -> Proxies:
        """Read an environment."""

        def value(name: str) -> str:
            # In a CGI process HTTP_PROXY in capitals is a header that the visitor sent.
            loud = "" if name == "http_proxy" and "REQUEST_METHOD" in env else env.get(name.upper(), "")
            return (env.get(name) or loud).strip()

        general = value("all_proxy")
        found = {scheme: value(f"{scheme}_proxy") or general for scheme in ("http", "https")}
        exempt = tuple(each.strip().lower() for each in value("no_proxy").split(",") if each.strip())
        return cls(by_scheme={scheme: url for scheme, url in found.items() if url}, exempt=exempt)

    def find(self, target: Target) -> Target | None:
        """Return the proxy for an address, None for none; raise FetchError for one we cannot use."""
        url = self.by_scheme.get(target.scheme)
        if not url or any(_covers(each, target) for each in self.exempt):
            return None
        try:
            return parse(url if "://" in url else f"http://{url}")
        except FetchError as error:
            raise FetchError(
                "proxy",
                f"the proxy {show(url)} of the environment is not an http or https one",
                url=show(target.url),
            ) from error


def _covers(exempt: str, target: Target) -> bool:
    """Tell whether one word of NO_PROXY covers an address: `*`, host, .domain, host:port, network."""
    if exempt == "*":
        return True
    if "/" in exempt:
        try:
            return ip_address(target.host) in ip_network(exempt, strict=False)
        except ValueError:
            return False
    if exempt.count(":") == 1:
        exempt, _, port = exempt.partition(":")
        if port != str(target.port):
            return False
    domain = plain_host(exempt.removeprefix("*").removeprefix("."))
    return target.host == domain or target.host.endswith(f".{domain}")
