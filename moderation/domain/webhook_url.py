"""Which addresses a webhook may name, and which it may reach. No look-up happens here."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from moderation.errors import Invalid

IpAddress = IPv4Address | IPv6Address

_MAX_CHARS: Final = 2048
_MAX_HOST_CHARS: Final = 253
_PORTS: Final = {"http": 80, "https": 443}
_FIRST_FREE_PORT: Final = 1024

_PRINTABLE: Final = re.compile(r"[!-\[\]-~]+")
"""ASCII without spaces, controls and the backslash, which readers of addresses disagree on."""

_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMERIC: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""A last label like this makes resolvers read the whole host as an IPv4 address."""

_LOCAL_NAMES: Final = ("localhost", "localdomain", "local", "internal", "home.arpa", "lan")

_UNREACHABLE_V4: Final = tuple(
    IPv4Network(network)
    for network in (
        "192.0.0.0/24",  # IETF protocol assignments
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT relays
        "192.88.99.0/24",  # 6to4 relays
        "192.175.48.0/24",  # AS112
        "168.63.129.16/32",  # a cloud's own services, seen from its machines
    )
)
_UNICAST_V6: Final = IPv6Network("2000::/3")
"""All that is assigned. It leaves out IPv4 in disguise: mapped, compatible, NAT64."""

_UNREACHABLE_V6: Final = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # IETF protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: IPv4 in disguise
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)


@dataclass(frozen=True, slots=True)
class WebhookUrl:
    """A webhook's address, taken apart; ``host`` is in small letters, IPv6 without brackets."""

    scheme: str
    host: str
    port: int
    target: str
    """Path and query, as they go into the request line."""

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def is_public(address: IpAddress) -> bool:
    """Say whether *address* is one that anybody on the internet may have.

    Python's ``is_global`` alone is not enough: it is true of multicast, NAT64, 6to4, Teredo
    and 192.0.0.0/24, most of which lead back inside.
    """
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _UNREACHABLE_V4)
    if address not in _UNICAST_V6:
        return False
    return not any(address in network for network in _UNREACHABLE_V6)


def literal_address(host: str) -> IpAddress | None:
    """Return the address that *host* spells out, or None if it is a name.

    A zone (``%eth0``) is no part of a public address: with one, it is no address here.
    """
    if "%" in host:
        return None
    try:
        return ip_address(host)
    except ValueError:
        return None


def read_webhook_url(url: str, *, allow_private: bool) -> WebhookUrl:
    """Take an address apart, refusing what no public receiver needs.

    Only what can be known without a look-up is refused here; what the name resolves to is
    checked at each attempt, by `is_public`.

    Args:
        url: As the site's operator gave it.
        allow_private: Let it name private addresses, local names and any port.

    Raises:
        Invalid: The problem is in words for whoever gave the address.
    """
    if len(url) > _MAX_CHARS:
        raise Invalid("url", f"longer than {_MAX_CHARS} characters")
    if _PRINTABLE.fullmatch(url) is None:
        raise Invalid(
            "url",
            "may hold only printable ASCII without spaces and backslashes; write other letters"
            " percent-encoded, and in the host as xn--",
        )
    parts, port = _split(url)
    scheme = parts.scheme.lower()
    if scheme not in _PORTS:
        raise Invalid("url", "must begin with https:// or http://")
    if "@" in parts.netloc:
        raise Invalid("url", "may hold no user name or password")
    if "#" in url:
        raise Invalid("url", "may hold no fragment")
    host = (parts.hostname or "").removesuffix(".")
    _check_host(host, allow_private=allow_private)
    if port is None:
        port = _PORTS[scheme]
    if port not in _PORTS.values() and port < _FIRST_FREE_PORT and not allow_private:
        raise Invalid("url", f"the port must be 80, 443 or from {_FIRST_FREE_PORT} up")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return WebhookUrl(scheme=scheme, host=host, port=port, target=target)


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Invalid("url", "is not a web address") from None
    if port == 0 or parts.netloc.endswith(":"):
        raise Invalid("url", "has a colon without a port")
    return parts, port


def _check_host(host: str, *, allow_private: bool) -> None:
    address = literal_address(host)
    if address is not None:
        if not allow_private and not is_public(address):
            raise Invalid("url", "names an address that is not public")
        return
    labels = host.split(".")
    if len(host) > _MAX_HOST_CHARS or not all(map(_LABEL.fullmatch, labels)):
        raise Invalid("url", "names no host")
    if _NUMERIC.fullmatch(labels[-1]):
        raise Invalid("url", "write an IPv4 address as four decimal numbers")
    if not allow_private and (len(labels) == 1 or _is_local(host)):
        raise Invalid("url", "names a host that is not public")


def _is_local(host: str) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in _LOCAL_NAMES)
