"""The real adapter. Rules: `docs/partner-center.md`."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

import structlog

from helpdesk.partner_center.errors import (
    ChangedMeanwhile,
    Refused,
    SignInFailed,
    StateOdd,
    Throttled,
    Unreachable,
    WritesOff,
)
from helpdesk.partner_center.shapes import (
    Body,
    RemoteCustomer,
    RemoteInvoice,
    RemoteSubscription,
    customer_of,
    field,
    invoices_of,
    read_json,
    subscription_of,
    with_status,
)
from helpdesk.partner_center.tokens import Tokens
from helpdesk.partner_center.wire import Answer, LineDown, Wire, seconds_to_wait

log = structlog.get_logger(__name__)
TRIES: Final = 4
WAIT_MAX: Final = 120.0
"""Seconds that we wait because Partner Center says so; longer is for a later run."""
PAGES_MAX: Final = 1000
_UNKNOWN_OUTCOME: Final = frozenset({500, 502, 503, 504})
_LOOK_AGAIN: Final = frozenset({"2055", "800036", "800040", "800041"})
"""The etag is stale, or the state is there already: read again and see."""
_THROTTLED, _UNAUTHORISED, _BAD = 429, 401, 400
_GOOD: Final = range(200, 300)


class Writes(StrEnum):
    """The kill switch."""

    OFF = "off"
    DRY_RUN = "dry-run"
    ON = "on"


class PartnerCenterClient:
    """Partner Center over HTTP; `sleep` is given by tests."""

    def __init__(
        self,
        wire: Wire,
        tokens: Tokens,
        *,
        base_url: str,
        writes: Writes = Writes.OFF,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Read from `base_url`; change something only when `writes` is on."""
        self._wire, self._tokens, self._sleep = wire, tokens, sleep
        self._base, self._writes = base_url.rstrip("/"), writes

    def customers(self) -> Iterator[RemoteCustomer]:
        """Every customer, page by page."""
        yield from map(customer_of, self._items("/v1/customers?size=40"))

    def subscriptions(self, tenant_id: str) -> Iterator[RemoteSubscription]:
        """The subscriptions of one customer."""
        yield from map(subscription_of, self._items(f"/v1/customers/{_id(tenant_id)}/subscriptions"))

    def invoices(self) -> Iterator[RemoteInvoice]:
        """The invoices of 21Vianet to the partner."""
        for body in self._items("/v1/invoices?size=200&offset=0"):
            yield from invoices_of(body)

    def suspend(self, tenant_id: str, subscription_id: str, *, request_id: str) -> RemoteSubscription:
        """Suspend an active subscription; one that is suspended already is done."""
        return self._bring(tenant_id, subscription_id, before="active", goal="suspended", request_id=request_id)

    def reactivate(self, tenant_id: str, subscription_id: str, *, request_id: str) -> RemoteSubscription:
        """Make a suspended subscription active again; one that is active already is done."""
        return self._bring(tenant_id, subscription_id, before="suspended", goal="active", request_id=request_id)

    def _bring(
        self, tenant_id: str, subscription_id: str, *, before: str, goal: str, request_id: str
    ) -> RemoteSubscription:
        """Read, check, change the whole resource under its etag, read again; a stale etag begins anew."""
        if self._writes is Writes.OFF:
            raise WritesOff
        path = f"/v1/customers/{_id(tenant_id)}/subscriptions/{_id(subscription_id)}"
        for _try in range(TRIES):
            found = subscription_of(read_json(self._get(path).body))
            if found.status == goal:
                return found
            if found.status != before:
                raise StateOdd(state=found.status, goal=goal)
            if self._writes is Writes.DRY_RUN:
                log.info("partner_center_dry_run", path=path, status=goal)
                return found
            if self._patched(path, found, goal, request_id=request_id):
                return subscription_of(read_json(self._get(path).body))
            request_id = str(uuid.uuid4())  # that one was answered
        raise ChangedMeanwhile

    def _patched(self, path: str, found: RemoteSubscription, goal: str, *, request_id: str) -> bool:
        """Whether the change was made; False when the etag was stale, or the outcome must be looked at."""
        body = json.dumps(with_status(found, goal), default=float).encode()
        answer = self._call("PATCH", path, body=body, request_id=request_id, extra={"If-Match": f'"{found.etag}"'})
        if answer.status in _GOOD:
            return True
        code, _description = _problem(answer)
        if code in _LOOK_AGAIN:
            return False
        raise _refusal(answer)

    def _items(self, path: str) -> Iterator[Body]:
        extra: dict[str, str] = {}
        for _page in range(PAGES_MAX):
            page = read_json(self._get(path, extra=extra).body)
            yield from field(page, "items") or []
            following = field(field(page, "links") or {}, "next")
            if not following:
                return
            path = str(field(following, "uri"))
            extra = {str(field(each, "key")): str(field(each, "value")) for each in field(following, "headers") or []}

    def _get(self, path: str, *, extra: Mapping[str, str] | None = None) -> Answer:
        answer = self._call("GET", path, request_id=str(uuid.uuid4()), extra=extra)
        if answer.status not in _GOOD:
            raise _refusal(answer)
        return answer

    def _url(self, path: str) -> str:
        if "://" in path:
            return path
        rooted = path if path.startswith("/") else f"/{path}"
        return self._base + (rooted if rooted.startswith("/v1/") else f"/v1{rooted}")

    def _call(
        self,
        method: str,
        path: str,
        *,
        request_id: str,
        body: bytes | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send until there is an answer that says something: the same request id at every try."""
        url, signed_in_anew = self._url(path), False
        correlation = str(uuid.uuid4())
        for attempt in range(TRIES):
            try:
                headers = self._headers(request_id, correlation) | dict(extra or {})
                answer = self._wire.send(method, url, headers=headers, body=body)
            except LineDown:
                self._sleep(2.0**attempt)
                continue
            if answer.status == _UNAUTHORISED and not signed_in_anew:
                self._tokens.forget()
                signed_in_anew = True
            elif answer.status == _UNAUTHORISED:
                raise SignInFailed(reason="HTTP 401")
            elif answer.status == _THROTTLED:
                self._wait(answer)
            elif answer.status in _UNKNOWN_OUTCOME:
                self._sleep(2.0**attempt)
            else:
                return answer
        raise Unreachable(reference=correlation)

    def _wait(self, answer: Answer) -> None:
        """Wait as long as Partner Center says, never less."""
        seconds = seconds_to_wait(answer)
        if seconds > WAIT_MAX:
            raise Throttled(seconds=int(seconds))
        self._sleep(seconds)

    def _headers(self, request_id: str, correlation: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self._tokens.token()}",
            "Accept": "application/json",
            "Content-Type": "application/json",
            "MS-Contract-Version": "v1",
            "MS-RequestId": request_id,
            "MS-CorrelationId": correlation,
            "MS-PartnerCenter-Application": "helpdesk",
        }


def _id(text: str) -> str:
    """An identifier that may stand in an address."""
    return str(uuid.UUID(text))


def _problem(answer: Answer) -> tuple[str, str]:
    try:
        body: Any = json.loads(answer.body)
    except ValueError:
        return "", ""
    if not isinstance(body, dict):
        return "", ""
    return str(field(body, "code") or ""), str(field(body, "description") or "")[:200]


def _refusal(answer: Answer) -> Refused:
    code, description = _problem(answer)
    reference = answer.headers.get("ms-correlationid", "–")
    return Refused(status=answer.status, code=code or "–", description=description or "–", reference=reference)
