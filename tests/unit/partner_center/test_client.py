"""The Partner Center client against a server that behaves as documented."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer
from helpdesk.billing.models import Subscription, SubscriptionState
from helpdesk.partner_center.client import PartnerCenterClient, Writes
from helpdesk.partner_center.errors import (
    ChangedMeanwhile,
    ForeignLink,
    NotConfigured,
    Refused,
    SignInFailed,
    StateOdd,
    Unreachable,
    WritesOff,
)
from helpdesk.partner_center.memory import MemoryPartnerCenter
from helpdesk.partner_center.ports import PartnerCenter
from helpdesk.partner_center.services import ReadReport, take_customer, take_subscription
from helpdesk.partner_center.shapes import subscription_of
from helpdesk.partner_center.tokens import Credentials, Tokens
from helpdesk.partner_center.wire import Wire
from helpdesk.partner_center.wiring import partner_center
from tests.cast import Cast
from tests.conftest import make_settings
from tests.unit.partner_center.pretender import OTHER, SUBSCRIPTION, TENANT, Pretender

ORDER = "11111111-2222-4333-8444-555555555555"


def client(there: Pretender, *, writes: Writes = Writes.ON, now: float = 0.0) -> PartnerCenterClient:
    wire = Wire([there.url], seconds=5, loopback=True, trust=there.trust)
    credentials = Credentials(there.url, TENANT, "app", "https://graph.example", secret="secret")  # noqa: S106 - of a pretender
    tokens = Tokens(wire, credentials, clock=lambda: now)
    return PartnerCenterClient(wire, tokens, base_url=there.url, writes=writes, sleep=there.waits.append)


def test_customers_come_from_all_pages(there: Pretender) -> None:
    found = list(client(there).customers())

    assert [each.tenant_id for each in found] == [TENANT, OTHER]
    assert there.calls("GET")[1].headers["ms-continuationtoken"] == "c"


def test_every_call_says_who_asks_and_what_for(there: Pretender) -> None:
    list(client(there).invoices())

    headers = there.calls("GET")[0].headers
    assert headers["authorization"] == "Bearer t1"
    assert headers["ms-contract-version"] == "v1"
    assert len(headers["ms-requestid"]) == len(headers["ms-correlationid"]) == 36


def test_an_invoice_is_read_exactly_and_nothing_is_inferred(there: Pretender) -> None:
    invoice = next(client(there).invoices())

    assert (invoice.total, invoice.billed_on, invoice.currency) == (Decimal("24606.35"), date(2026, 8, 2), "CNY")


def test_fields_are_found_in_any_case_and_sentinels_are_open_ends(there: Pretender) -> None:
    found = subscription_of({key.upper(): value for key, value in there.subscription.items()})

    assert (found.seats, found.status, found.ends_on, found.etag) == (12, "active", None, "v1==")


def test_an_expired_token_is_renewed_once(there: Pretender) -> None:
    there.faults = ["401"]

    list(client(there).invoices())

    assert there.tokens == 2


def test_a_token_that_is_never_taken_is_a_failure_to_sign_in(there: Pretender) -> None:
    there.faults = ["401"] * 4

    with pytest.raises(SignInFailed):
        list(client(there).invoices())
    assert there.tokens == 2


def test_being_throttled_means_waiting_as_long_as_is_said(there: Pretender) -> None:
    there.faults = ["429"]

    list(client(there).invoices())

    assert there.waits == [7.0]


def test_a_refusal_names_code_and_reference(there: Pretender) -> None:
    there.faults = ["20002"]

    with pytest.raises(Refused, match=r"no relationship .403, code 20002."):
        list(client(there).subscriptions(TENANT))


def test_a_line_that_stays_dead_is_told(there: Pretender) -> None:
    there.faults = ["drop"] * 4

    with pytest.raises(Unreachable):
        list(client(there).invoices())


def test_the_kill_switch_stops_every_change_before_it_is_sent(there: Pretender) -> None:
    with pytest.raises(WritesOff):
        client(there, writes=Writes.OFF).suspend(TENANT, SUBSCRIPTION, request_id=ORDER)

    assert there.seen == []


def test_a_dry_run_reads_and_changes_nothing(there: Pretender) -> None:
    client(there, writes=Writes.DRY_RUN).suspend(TENANT, SUBSCRIPTION, request_id=ORDER)

    assert (there.calls("PATCH"), there.status) == ([], "active")


def test_suspending_sends_the_whole_resource_under_its_quoted_etag(there: Pretender) -> None:
    found = client(there).suspend(TENANT, SUBSCRIPTION, request_id=ORDER)

    sent = there.calls("PATCH")[0]
    assert found.status == "suspended"
    assert sent.headers["if-match"] == '"v1=="'
    assert sent.body == there.subscription | {"attributes": {"etag": "v1==", "objectType": "Subscription"}}


def test_reactivating_goes_the_other_way(there: Pretender) -> None:
    there.status = "suspended"

    assert client(there).reactivate(TENANT, SUBSCRIPTION, request_id=ORDER).status == "active"


def test_what_is_suspended_already_is_done(there: Pretender) -> None:
    there.status = "suspended"

    client(there).suspend(TENANT, SUBSCRIPTION, request_id=ORDER)

    assert there.calls("PATCH") == []


def test_a_deleted_subscription_is_for_a_person_to_look_at(there: Pretender) -> None:
    there.status = "deleted"

    with pytest.raises(StateOdd):
        client(there).suspend(TENANT, SUBSCRIPTION, request_id=ORDER)


def test_a_stale_etag_is_read_again_and_gets_a_new_request_id(there: Pretender) -> None:
    there.faults = ["", "2055"]

    client(there).suspend(TENANT, SUBSCRIPTION, request_id=ORDER)

    first, second = there.calls("PATCH")
    assert first.headers["ms-requestid"] == ORDER
    assert second.headers["ms-requestid"] != ORDER
    assert second.headers["if-match"] == '"v2=="'


def test_an_etag_that_is_always_stale_is_given_up(there: Pretender) -> None:
    there.faults = ["", "2055"] * 4

    with pytest.raises(ChangedMeanwhile):
        client(there).suspend(TENANT, SUBSCRIPTION, request_id=ORDER)


def test_an_error_after_the_change_is_found_to_be_done_with_the_same_request_id(there: Pretender) -> None:
    there.faults = ["", "500-after-commit"]

    found = client(there).suspend(TENANT, SUBSCRIPTION, request_id=ORDER)

    assert found.status == "suspended"
    assert {each.headers["ms-requestid"] for each in there.calls("PATCH")} == {ORDER}


def test_the_twin_in_memory_keeps_the_same_rules(there: Pretender) -> None:
    found = subscription_of(there.subscription)
    twin: PartnerCenter = MemoryPartnerCenter(known_subscriptions={(TENANT, SUBSCRIPTION): found})

    assert twin.suspend(TENANT, SUBSCRIPTION, request_id=ORDER).status == "suspended"
    assert twin.suspend(TENANT, SUBSCRIPTION, request_id=ORDER).status == "suspended"
    assert twin.reactivate(TENANT, SUBSCRIPTION, request_id=ORDER).status == "active"


def test_links_to_other_hosts_are_not_followed(there: Pretender) -> None:
    with pytest.raises(ForeignLink):
        Wire([there.url], loopback=True).send("GET", "https://169.254.169.254/latest", headers={})


def test_this_machine_is_no_partner_center_unless_that_is_set(there: Pretender) -> None:
    with pytest.raises(ForeignLink):
        Wire([there.url], trust=there.trust).send("GET", f"{there.url}/v1/customers", headers={})

    assert there.seen == []


def test_without_settings_there_is_no_client(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(NotConfigured):
        partner_center(make_settings(tmp_path_factory.mktemp("off"), "sqlite://"))


def test_what_is_read_lands_in_our_tables_once(there: Pretender, session: Session, cast: Cast, now: datetime) -> None:
    remote, report = client(there), ReadReport()
    for each in list(remote.customers()):
        customer = take_customer(session, each, report, now=now)
        assert customer is not None
        if each.tenant_id == TENANT:
            take_subscription(session, customer, next(remote.subscriptions(TENANT)), report, now=now)
            there.status = "suspended"
            take_subscription(session, customer, next(remote.subscriptions(TENANT)), report, now=now)

    found = session.scalars(select(Subscription)).one()
    assert (found.customer, found.seats, found.state) == (cast.lanting, 12, SubscriptionState.SUSPENDED)
    assert found.suspended_at == now
    assert (report.new_customers, report.new_subscriptions) == (0, 1)
    assert cast.lanting.name == "兰亭设计有限公司"
    assert len(session.scalars(select(Customer)).all()) == 2
