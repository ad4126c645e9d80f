"""Which network addresses lie in the open internet: nothing of ours calls inside the own network
because somebody from outside named an address there."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable

from aiohttp.abc import AbstractResolver, ResolveResult

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP address lies in the open internet, also inside an IPv6 address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def is_ip(host: str) -> bool:
    """Whether the host of an address is a number: such a one is not looked up."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class PublicResolver(AbstractResolver):
    """Looks addresses up, and refuses (raises what `refusal` makes) a name that has a private one
    among them. The connection is made to the very addresses that were seen here."""

    def __init__(self, inner: AbstractResolver, refusal: Callable[[], Exception]) -> None:
        self._inner, self._refusal = inner, refusal

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if not all(is_public(one["host"]) for one in found):
            raise self._refusal()
        return found

    async def close(self) -> None:
        await self._inner.close()
