"""A server on the loopback that behaves as Partner Center is documented to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

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
    status: str = "active"
    version: int = 1
    faults: list[str] = field(default_factory=list)
    """Taken one a request: `429`, `500`, `500-after-commit`, `2055`, `401`, `drop`, `20002`."""
    seen: list[Seen] = field(default_factory=list)
    tokens: int = 0
    life: str = "3600"
    waits: list[float] = field(default_factory=list)

    def calls(self, method: str) -> list[Seen]:
        """The requests of one method to the API."""
        return [each for each in self.seen if each.method == method and each.path.startswith("/v1")]

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
        body = json.loads(raw) if method == "PATCH" else raw.decode()
        here.seen.append(Seen(method, self.path, {name.lower(): text for name, text in self.headers.items()}, body))
        if method == "POST":
            here.tokens += 1
            return self._say(200, {"access_token": f"t{here.tokens}", "expires_in": here.life})
        fault = here.faults.pop(0) if here.faults else ""
        if not self._misbehave(fault, method, body):
            self._answer(method, body)
        return None

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


@contextmanager
def pretending() -> Iterator[Pretender]:
    """Run the server."""
    pretender = Pretender()
    handler = type("Handler", (_Handler,), {"pretender": pretender})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    pretender.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield pretender
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
