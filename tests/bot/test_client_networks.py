"""Who asks is read from what trusted proxies wrote, and from nothing else."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st

from bot.client_networks import ClientNetwork, ClientNetworks, client_address

TRUSTED = [ip_network("127.0.0.0/8"), ip_network("::1/128"), ip_network("172.16.0.0/12")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "who"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),  # no proxy of ours: made up
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("::1", ["198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),  # the left one is made up
        ("127.0.0.1", ["6.6.6.6", "198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["6.6.6.6, 198.51.100.1, 172.18.0.2"], "198.51.100.1"),
        ("172.18.0.3", ["198.51.100.1:4711"], "198.51.100.1"),
        ("172.18.0.3", ["[2001:db8::5]:4711"], "2001:db8::5"),
        ("172.18.0.3", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("::ffff:127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["172.18.0.9"], "172.18.0.9"),  # someone within, through a proxy
        ("127.0.0.1", [], None),
        ("127.0.0.1", [""], None),
        ("127.0.0.1", ["198.51.100.1, unknown"], None),
        ("", ["198.51.100.1"], None),
    ],
)
def test_the_header_is_read_from_the_right_through_trusted_proxies(
    peer: str, forwarded: list[str], who: str | None
) -> None:
    expected = None if who is None else ip_address(who)
    assert client_address(peer, forwarded, TRUSTED) == expected


@given(st.lists(st.text(), max_size=4))
def test_whatever_a_visitor_writes_into_the_header_changes_nothing(made_up: list[str]) -> None:
    assert client_address("127.0.0.1", [*made_up, "198.51.100.1"], TRUSTED) == ip_address(
        "198.51.100.1"
    )
    assert client_address("198.51.100.1", made_up, TRUSTED) == ip_address("198.51.100.1")
    client_address("127.0.0.1", made_up, TRUSTED)


def network(networks: ClientNetworks, forwarded: str) -> ClientNetwork:
    class Transport:
        def get_extra_info(self, name: str, default: object = None) -> object:
            return ("127.0.0.1", 4711) if name == "peername" else default

    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return networks.of(make_mocked_request("GET", "/", headers=headers, transport=Transport()))


def test_the_networks_of_one_machine_are_known_and_their_names_tell_nothing() -> None:
    networks = ClientNetworks(["127.0.0.1"])
    assert network(networks, "2001:db8:1:2::1") == network(networks, "2001:db8:1:2:ffff::9")
    assert network(networks, "2001:db8:1:2::1") != network(networks, "2001:db8:1:3::1")
    assert network(networks, "198.51.100.1") != network(networks, "198.51.100.2")
    assert network(ClientNetworks(["127.0.0.1"]), "198.51.100.1") != network(
        networks, "198.51.100.1"
    )
    assert network(networks, "") == ClientNetwork()
    assert not network(networks, "")


def test_many_networks_of_one_site_have_one_name_in_common() -> None:
    networks = ClientNetworks(["127.0.0.1"])
    ours = [network(networks, f"2001:db8:1:{number:x}::1") for number in range(50)]
    assert len({each.subnet for each in ours}) == 50
    assert {each.site for each in ours} == {network(networks, "2001:db8:1:ffff::9").site}
    assert network(networks, "2001:db8:2::1").site != ours[0].site
    four = [network(networks, f"198.51.100.{number}") for number in (1, 2)]
    assert len({name for each in four for name in each}) == 4


def test_a_proxy_that_is_not_trusted_is_told_of_once_and_without_its_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    networks = ClientNetworks()
    for _ in range(3):
        network(networks, "198.51.100.1")
    (line,) = caplog.messages
    assert "trusted_proxies" in line
    assert "127" not in line
