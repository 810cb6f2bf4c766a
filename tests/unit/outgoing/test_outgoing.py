"""Outgoing HTTP goes to the public internet alone, once, and in bounds."""

from __future__ import annotations

import gzip
import socket
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from helpdesk.outgoing import AddressDenied, Outgoing, OutgoingError, is_reachable

ELSEWHERE = [
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a9fe:a9fe",
    "100::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "3fff::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "2400:3200::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
]
IN_PUBLIC = ["1.1.1.1", "40.73.1.1", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "2400:3200::1"]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_what_is_not_public_is_not_reached(address: str) -> None:
    assert not is_reachable(address)


@pytest.mark.parametrize("address", IN_PUBLIC)
def test_what_is_public_is_reached(address: str) -> None:
    assert is_reachable(address)


@pytest.mark.parametrize("address", ELSEWHERE)
def test_development_reaches_this_machine_and_nothing_else(address: str) -> None:
    assert is_reachable(address, loopback=True) == (address in {"127.0.0.1", "127.255.255.254", "::1"})


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "127.1", "0x7f000001", "2130706433", "017700000001", "[::1]", "[::ffff:127.0.0.1]"],
)
def test_this_machine_is_denied_however_it_is_written(host: str) -> None:
    with pytest.raises((AddressDenied, OutgoingError)):
        Outgoing(seconds=2).send("GET", f"https://{host}:9/", headers={})


def test_a_name_with_one_public_and_one_private_address_is_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering("1.1.1.1", "10.0.0.1"))

    with pytest.raises(AddressDenied):
        Outgoing().send("GET", "https://partner.example/", headers={})


def test_a_name_is_resolved_once_and_the_connection_goes_there(
    monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer
) -> None:
    asked: list[str] = []

    def once(host: str, port: int, *_more: Any, **_named: Any) -> list[Any]:
        asked.append(host)
        if host == "127.0.0.1":
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        answer = "127.0.0.1" if len(asked) == 1 else "10.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answer, port))]

    httpserver.expect_request("/").respond_with_data("here")
    monkeypatch.setattr(socket, "getaddrinfo", once)

    answer = Outgoing(loopback=True).send("GET", f"http://partner.example:{httpserver.port}/", headers={})

    assert (answer.body, asked.count("partner.example")) == (b"here", 1)


@pytest.mark.parametrize("url", ["http://1.1.1.1/", "ftp://1.1.1.1/", "file:///etc/passwd", "https://a:b@1.1.1.1/"])
def test_only_https_without_a_password_is_spoken(url: str) -> None:
    with pytest.raises(AddressDenied):
        Outgoing().send("GET", url, headers={})


def test_a_redirect_is_an_answer_and_is_not_followed(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("", 302, {"Location": httpserver.url_for("/secret")})

    answer = Outgoing(loopback=True).send("GET", httpserver.url_for("/"), headers={})

    assert (answer.status, len(httpserver.log)) == (302, 1)


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    httpserver.expect_request("/").respond_with_data("direct")

    assert Outgoing(loopback=True).send("GET", httpserver.url_for("/"), headers={}).body == b"direct"


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_has_a_largest_size_also_when_it_is_packed(httpserver: HTTPServer, packed: bool) -> None:  # noqa: FBT001
    body = b"0" * 300_000
    headers = {"Content-Encoding": "gzip"} if packed else {}
    httpserver.expect_request("/").respond_with_data(gzip.compress(body) if packed else body, 200, headers)

    with pytest.raises(OutgoingError, match="too large"):
        Outgoing(loopback=True, bytes_max=100_000).send("GET", httpserver.url_for("/"), headers={})


def test_an_answer_that_trickles_is_given_up(httpserver: HTTPServer) -> None:
    def slowly(_request: Request) -> Response:
        return Response(b"0" * 200_000)

    moments = iter([0.0, 1.0, 31.0, 32.0, 33.0])
    httpserver.expect_request("/").respond_with_handler(slowly)

    with pytest.raises(OutgoingError, match="too long"):
        Outgoing(loopback=True, clock=lambda: next(moments)).send("GET", httpserver.url_for("/"), headers={})


def answering(*addresses: str) -> Any:
    def found(_host: str, port: int, *_more: Any, **_named: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return found
