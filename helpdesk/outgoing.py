"""Outgoing HTTP that cannot be led into our own network.

A name is resolved once, every address it has is looked up in the deny list, and the connection goes to an address that
was looked up: a name that answers differently the second time gains nothing. Certificates are checked against the name.
No redirect is followed, no proxy or netrc of the environment is used, and time and size are limited.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.util.connection import create_connection

SECONDS: Final = 30.0
BYTES_MAX: Final = 50 * 1024 * 1024
_PIECE: Final = 64 * 1024
_GLOBAL_IPV6: Final = ip_network("2000::/3")
"""Everything else of IPv6 is not routed in public; the list below names why, and what of this is not public either."""
DENIED: Final = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # carriers' own; some clouds' metadata
            "127.0.0.0/8",  # loopback
            "168.63.129.16/32",  # a cloud's host, seen from its machines
            "169.254.0.0/16",  # link-local; metadata
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # relays of 6to4
            "192.168.0.0/16",  # private
            "198.18.0.0/15",  # measurements
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved; broadcast
            "::/96",  # unspecified, loopback, IPv4 in old clothes
            "::ffff:0:0/96",  # IPv4 mapped
            "::ffff:0:0:0/96",  # IPv4 translated
            "64:ff9b::/96",  # NAT64
            "64:ff9b:1::/48",  # NAT64 of one network
            "100::/64",  # discarded
            "2001::/23",  # protocol assignments; Teredo
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4
            "3fff::/20",  # documentation
            "5f00::/16",  # segment routing
            "fc00::/7",  # unique local; metadata
            "fe80::/10",  # link-local
            "fec0::/10",  # site-local
            "ff00::/8",  # multicast
        ),
    )
)
_LOOPBACK: Final = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


class OutgoingError(Exception):
    """No answer that could be used came, so the outcome is not known."""


class AddressDenied(Exception):
    """The address, or what its name stands for, is not one of the public internet."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers in lower case, and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def is_reachable(address: str, *, loopback: bool = False) -> bool:
    """Whether we may connect to an address: a public one, or one of this machine where `loopback` says so."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.scope_id is not None:
        return False
    if loopback and any(_holds(network, found) for network in _LOOPBACK):
        return True
    if isinstance(found, IPv6Address) and found not in _GLOBAL_IPV6:
        return False
    return not any(_holds(network, found) for network in DENIED)


def _holds(network: Any, address: IPv4Address | IPv6Address) -> bool:  # noqa: ANN401 - either version's network
    return network.version == address.version and address in network


def pinned(host: str, port: int, *, loopback: bool) -> str:
    """The address to connect to. Raises `AddressDenied` when any address of the name is denied, `OSError`."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(is_reachable(address, loopback=loopback) for address in found):
        raise AddressDenied(host)
    return found[0]


class _Pinned(HTTPConnection):
    """Connects where the one look-up led."""

    loopback = False

    def _new_conn(self) -> socket.socket:
        try:
            address = pinned(self._dns_host, self.port, loopback=self.loopback)
            return create_connection(
                (address, self.port),
                self.timeout,
                source_address=self.source_address,
                socket_options=self.socket_options,
            )
        except OSError as error:
            raise NewConnectionError(self, f"Failed to establish a new connection: {error}") from error


class _PinnedSecure(_Pinned, HTTPSConnection):
    """The same under TLS; the certificate is that of the name."""


class _PinnedHere(_Pinned):
    loopback = True


class _PinnedSecureHere(_PinnedSecure):
    loopback = True


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Pinned


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _PinnedSecure


class _PoolHere(HTTPConnectionPool):
    ConnectionCls = _PinnedHere


class _SecurePoolHere(HTTPSConnectionPool):
    ConnectionCls = _PinnedSecureHere


class PinningAdapter(HTTPAdapter):
    """What a `requests` session connects with."""

    def __init__(self, *, loopback: bool = False) -> None:
        """Allow this machine's own address only in development and tests."""
        self._loopback = loopback
        super().__init__(max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **more: Any) -> None:  # noqa: FBT001, FBT002, ANN401 - as the base class has it
        """Make pools whose connections are pinned."""
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **more)
        secure, plain = (_SecurePoolHere, _PoolHere) if self._loopback else (_SecurePool, _Pool)
        self.poolmanager.pool_classes_by_scheme = {"http": plain, "https": secure}


class Outgoing:
    """Sends one request at a time; a session of its own each, so nothing is carried along."""

    def __init__(
        self,
        *,
        loopback: bool = False,
        seconds: float = SECONDS,
        bytes_max: int = BYTES_MAX,
        clock: Callable[[], float] = time.monotonic,
        trust: str = "",
    ) -> None:
        """`seconds` are for the whole exchange; `trust` is a file of certificates instead of the public ones."""
        self._loopback, self._seconds, self._bytes_max, self._clock = loopback, seconds, bytes_max, clock
        self._trust = trust or True

    def send(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """The answer, whatever its status. Raises `OutgoingError`, `AddressDenied`."""
        parts = urlsplit(url)
        if parts.username or parts.password or parts.scheme not in ({"https", "http"} if self._loopback else {"https"}):
            raise AddressDenied(url)
        until = self._clock() + self._seconds
        with requests.Session() as session:
            session.trust_env, session.verify = False, self._trust
            adapter = PinningAdapter(loopback=self._loopback)
            session.mount("https://", adapter)
            session.mount("http://", adapter)
            try:
                with session.request(
                    method,
                    url,
                    headers=dict(headers),
                    data=body,
                    timeout=self._seconds,
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    found = {name.lower(): text for name, text in response.headers.items()}
                    return Answer(response.status_code, found, self._read(response, until))
            except (requests.RequestException, HTTPError, OSError) as error:
                raise OutgoingError(str(error)) from error

    def _read(self, response: requests.Response, until: float) -> bytes:
        body = bytearray()
        for piece in response.iter_content(_PIECE):
            body += piece
            if len(body) > self._bytes_max:
                raise OutgoingError("the answer is too large")
            if self._clock() > until:
                raise OutgoingError("the answer takes too long")
        return bytes(body)
