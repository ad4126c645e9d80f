"""The network of a client (behind trusted proxies too): rate limits are kept per network, so that
one visitor stops no other. One machine may have the 65,536 networks of a whole site (IPv6)."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
from collections.abc import Iterable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import NamedTuple

from aiohttp import web

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

HEADER = "X-Forwarded-For"
SUBNET_PREFIX = 64
"""The bits of an IPv6 address that one machine on a network cannot choose."""
SITE_PREFIX = 48
"""Those that not even a router of one's own can choose: a site gets so many networks (RFC 6177).
Many phones of a mobile provider share them too."""
_WITH_PORT = re.compile(r"\[(?P<six>[^]]+)\](:\d+)?|(?P<four>[^:]+):\d+")

_log = logging.getLogger(__name__)


def client_address(
    peer: str, forwarded: Sequence[str], trusted: Sequence[Network]
) -> Address | None:
    """Whom a request comes from: the peer, or whom a trusted proxy had it from.

    Every proxy adds its own peer at the right of `X-Forwarded-For`, so it is read from there, and
    only as far as trusted proxies wrote it: what stands further left anybody can have made up.
    None when only a proxy is known, or nobody.
    """
    hops = [hop for line in forwarded for hop in line.split(",")]
    found = _address(peer)
    while found is not None and hops and _among(found, trusted):
        before = _address(hops.pop())
        if before is None:
            return None
        found = before
    return None if found is None or (not forwarded and _among(found, trusted)) else found


class ClientNetwork(NamedTuple):
    """Names of a network and of the site that it belongs to; for IPv4 both are one address. Empty,
    and false, when it is not known."""

    subnet: str = ""
    site: str = ""

    def __bool__(self) -> bool:
        return bool(self.subnet)


class ClientNetworks:
    """Names the network of each request: a keyed hash that exists in memory only, so that it can
    be counted and never be read. The key goes with the process."""

    def __init__(self, trusted_proxies: Iterable[str] = ()) -> None:
        self._trusted = [ip_network(each) for each in trusted_proxies]
        self._key = secrets.token_bytes(32)
        self._warned = False

    def of(self, request: web.Request) -> ClientNetwork:
        """The network of a request; empty when it is not known, and then nothing can be counted
        for it without counting it for everybody."""
        forwarded = request.headers.getall(HEADER, [])
        peer = _address(request.remote or "")
        if forwarded and peer is not None and peer.is_private and not self._warned:
            self._warn(peer)
        return self._named(client_address(request.remote or "", forwarded, self._trusted))

    def of_peer(self, peer: str) -> ClientNetwork:
        """The network of who is connected, while nothing is asked; empty when it is a proxy."""
        return self._named(client_address(peer, [], self._trusted))

    def _named(self, address: Address | None) -> ClientNetwork:
        if address is None:
            return ClientNetwork()
        subnet, site = (_within(address, prefix) for prefix in (SUBNET_PREFIX, SITE_PREFIX))
        return ClientNetwork(self.hashed(subnet), self.hashed(f"site {site}"))

    def hashed(self, text: str) -> str:
        """What stands for a text that is not to be kept."""
        return hashlib.blake2b(text.encode(), key=self._key, digest_size=16).hexdigest()

    def _warn(self, peer: Address) -> None:
        if not _among(peer, self._trusted):
            self._warned = True
            _log.warning(
                "a proxy is not among the trusted_proxies under [web]: "
                "all who come through it count as one visitor"
            )


def _address(text: str) -> Address | None:
    """An address as proxies write it: with a port perhaps, IPv4 within IPv6 perhaps."""
    text = text.strip()
    if found := _WITH_PORT.fullmatch(text):
        text = found["six"] or found["four"]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _among(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)


def _within(address: Address, prefix: int) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return f"{int(address) >> (address.max_prefixlen - prefix):x}/{prefix}"
