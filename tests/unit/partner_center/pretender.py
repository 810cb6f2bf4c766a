"""A server on the loopback that behaves as Partner Center is documented to."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

TENANT = "0f3d1a52-6f0e-4c58-9d1e-2b5a7c9e1001"
OTHER = "0f3d1a52-6f0e-4c58-9d1e-2b5a7c9e1002"
SUBSCRIPTION = "3d5b7a10-1111-4222-8333-000000000001"


@dataclass(slots=True)
class Seen:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass(slots=True)
class Pretender:
    """What the server knows, what it shall do wrong next, and what it was asked."""

    url: str = ""
    trust: str = ""
    """The file with its own certificate."""
    status: str = "active"
    version: int = 1
    faults: list[str] = field(default_factory=list)
    """Taken one a request: `429`, `500`, `500-after-commit`, `2055`, `401`, `drop`, `20002`."""
    seen: list[Seen] = field(default_factory=list)
    tokens: int = 0
    refusal: dict[str, Any] = field(default_factory=dict)
    """What is answered instead of a token; with its `status`."""
    elsewhere: str = ""
    """Where the discovery says tokens are given out; by default here."""
    life: str = "3600"
    waits: list[float] = field(default_factory=list)

    def calls(self, method: str) -> list[Seen]:
        """The requests of one method to the API."""
        return [each for each in self.seen if each.method == method and each.path.startswith("/v1")]

    @property
    def sign_ins(self) -> list[dict[str, str]]:
        """The forms that were sent to sign in."""
        return [each.body for each in self.seen if each.method == "POST"]

    @property
    def subscription(self) -> dict[str, Any]:
        """The resource, as the samples write it."""
        return {
            "id": SUBSCRIPTION,
            "offerId": "MS-0B-O365BP",
            "offerName": "Office 365",
            "friendlyName": "我的订阅",
            "quantity": 12,
            "orderId": "ORD-1",
            "effectiveStartDate": "2026-01-15T00:00:00Z",
            "commitmentEndDate": "9999-12-14T00:00:00Z",
            "status": self.status,
            "autoRenewEnabled": True,
            "unknownField": {"kept": 1.5},
            "attributes": {"etag": f"v{self.version}==", "objectType": "Subscription"},
        }


def _customer(tenant: str, name: str, domain: str) -> dict[str, Any]:
    return {"id": tenant, "companyProfile": {"tenantId": tenant, "companyName": name, "domain": domain}}


class _Handler(BaseHTTPRequestHandler):
    """Answers for its server's pretender."""

    pretender: Pretender

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say nothing."""

    def do_GET(self) -> None:
        """Read."""
        self._serve("GET")

    def do_PATCH(self) -> None:
        """Change."""
        self._serve("PATCH")

    def do_POST(self) -> None:
        """Sign in."""
        self._serve("POST")

    def _serve(self, method: str) -> None:
        here = self.pretender
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.loads(raw) if method == "PATCH" else {k: v[0] for k, v in parse_qs(raw.decode()).items()}
        here.seen.append(Seen(method, self.path, {name.lower(): text for name, text in self.headers.items()}, body))
        if self.path.startswith(f"/{TENANT}/"):
            return self._sign_in(method)
        fault = here.faults.pop(0) if here.faults else ""
        if not self._misbehave(fault, method, body):
            self._answer(method, body)
        return None

    def _sign_in(self, method: str) -> None:
        """Behave as Entra: say where tokens are given out, and give one."""
        here, folder = self.pretender, f"{self.pretender.elsewhere or self.pretender.url}/{TENANT}"
        if method == "GET" and self.path == f"/{TENANT}/v2.0/.well-known/openid-configuration":
            places = {"authorization_endpoint": f"{folder}/oauth2/v2.0/authorize", "issuer": f"{folder}/v2.0"}
            return self._say(200, places | {"token_endpoint": f"{folder}/oauth2/v2.0/token"})
        if here.refusal:
            rest = {name: value for name, value in here.refusal.items() if name not in {"status", "headers"}}
            return self._say(here.refusal["status"], rest, here.refusal.get("headers"))
        here.tokens += 1
        return self._say(200, {"token_type": "Bearer", "access_token": f"t{here.tokens}", "expires_in": here.life})

    def _misbehave(self, fault: str, method: str, body: Any) -> bool:
        here = self.pretender
        if fault == "500-after-commit":
            here.status, here.version = body["status"], here.version + 1
            self._say(500, {"code": "800003", "description": "boom"})
        elif fault == "429":
            self._say(429, {"statusCode": 429, "message": "Rate limit is exceeded."}, {"Retry-After": "7"})
        elif fault == "2055":
            here.version += 1
            self._say(400, {"code": "2055", "description": "etag no longer valid"})
        elif fault == "drop":
            self.close_connection = True
            self.connection.close()
        elif fault in {"500", "401"}:
            self._say(int(fault), {"code": "800003"})
        elif fault == "20002":
            self._say(403, {"code": "20002", "description": "no relationship"})
        del method
        return bool(fault)

    def _answer(self, method: str, body: Any) -> None:
        here = self.pretender
        if method == "PATCH":
            if self.headers["If-Match"] != f'"v{here.version}=="':
                return self._say(400, {"code": "2055", "description": "etag no longer valid"})
            here.status, here.version = body["status"], here.version + 1
            return self._say(200, here.subscription)
        return self._say(200, self._read())

    def _read(self) -> Any:
        here, path = self.pretender, self.path.split("?")[0]
        if path == "/v1/customers" and "seekOperation" not in self.path:
            link = {
                "uri": "/customers?size=40&seekOperation=Next",
                "headers": [{"key": "MS-ContinuationToken", "value": "c"}],
            }
            return {"items": [_customer(TENANT, "兰亭设计", "lanting.example")], "links": {"next": link}}
        if path == "/v1/customers":
            return {"items": [_customer(OTHER, "さくら商事", "sakura.example")], "links": {}}
        if path.endswith("/subscriptions"):
            return {"totalCount": 1, "items": [here.subscription]}
        if path == "/v1/invoices":
            return {
                "items": [
                    {
                        "id": "D02005YFHI",
                        "invoiceDate": "2026-08-02T00:00:00",
                        "totalCharges": 24606.35,
                        "paidAmount": 0,
                        "currencyCode": "CNY",
                        "billingPeriodStartDate": "2026-07-01T00:00:00Z",
                        "billingPeriodEndDate": "2026-07-31T23:59:59Z",
                        "amendments": [
                            {
                                "id": "D02005YFHJ",
                                "invoiceDate": "2026-08-09T00:00:00",
                                "totalCharges": -606.35,
                                "currencyCode": "CNY",
                                "documentType": "credit_note",
                            }
                        ],
                    }
                ]
            }
        return here.subscription

    def _say(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(text)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)


def key_and_certificate() -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    """A key with a certificate of its own for 127.0.0.1."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pretender")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def pem_of(key: rsa.RSAPrivateKey) -> str:
    """The key as a file holds it."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@contextmanager
def pretending(folder: Path) -> Iterator[Pretender]:
    """Run the server, under TLS: msal signs in nowhere else."""
    pretender = Pretender()
    key, certificate = key_and_certificate()
    (folder / "key.pem").write_text(pem_of(key))
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    handler = type("Handler", (_Handler,), {"pretender": pretender})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    pretender.url, pretender.trust = f"https://127.0.0.1:{server.server_port}", str(folder / "certificate.pem")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield pretender
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
