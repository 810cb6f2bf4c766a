"""What holds for addresses, networks and tries to sign in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from helpdesk.accounts import rules
from helpdesk.accounts.rules import Failures


def test_an_address_is_kept_in_one_form() -> None:
    assert rules.clean_email("  Wang.Fang@Lanting.Example ") == "wang.fang@lanting.example"


@pytest.mark.parametrize("email", ["", "wang", "wang@", "@x.cn", "a b@x.cn", "a@x", "a@x.cn\nBcc: b@x.cn", "王@x.cn"])
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(rules.EmailMalformed):
        rules.clean_email(email)


def test_a_name_is_one_line_and_never_empty() -> None:
    assert rules.clean_name("  Tom\r\n Becker ") == "Tom Becker"
    with pytest.raises(rules.NameMissing):
        rules.clean_name(" \n ")


def test_a_tenant_id_is_a_guid_however_it_is_written() -> None:
    written = "{0F3D1A52-6F0E-4C58-9D1E-2B5A7C9E1001}"

    assert rules.clean_tenant_id(written) == "0f3d1a52-6f0e-4c58-9d1e-2b5a7c9e1001"
    with pytest.raises(rules.TenantMalformed):
        rules.clean_tenant_id("lanting")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        (None, "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_a_network_is_one_ipv4_address_or_an_ipv6_neighbourhood(address: str | None, network: str) -> None:
    assert rules.network_of(address) == network


def test_delays_begin_after_the_free_tries_double_and_end_at_a_quarter_of_an_hour() -> None:
    delays = [rules.delay_after(count, rules.ACCOUNT).total_seconds() for count in range(11)]

    assert delays == [0, 0, 0, 0, 60, 120, 240, 480, 900, 900, 900]


def test_the_most_patient_guesser_has_ten_tries_an_hour_at_an_account() -> None:
    hour, waited, tries = timedelta(hours=1), timedelta(0), 0

    while waited < hour:
        tries += 1
        waited += rules.delay_after(tries, rules.ACCOUNT)

    assert tries == 10


def test_a_network_has_five_failures_a_minute(now: datetime) -> None:
    times = [now - timedelta(seconds=10 * number) for number in range(6)]

    rules.check_burst(times[:4], now=now)
    with pytest.raises(rules.SignInDelayed, match="Wait 20 seconds"):
        rules.check_burst(times, now=now)
    rules.check_burst(times, now=now + timedelta(seconds=20))


def test_even_after_many_failures_the_wait_ends(now: datetime) -> None:
    many = Failures(count=10_000, last_at=now)

    with pytest.raises(rules.SignInPaused, match="15 minutes"):
        rules.check_throttle(many, rules.ACCOUNT, now=now)
    rules.check_throttle(many, rules.ACCOUNT, now=now + rules.ACCOUNT.longest)
    rules.check_throttle(many, rules.EVERYWHERE, now=now + timedelta(seconds=30))


def test_a_short_wait_is_said_in_seconds(now: datetime) -> None:
    failures = Failures(count=4, last_at=now)

    with pytest.raises(rules.SignInDelayed, match="Wait 3 seconds"):
        rules.check_throttle(failures, rules.ACCOUNT, now=now + timedelta(seconds=57, microseconds=1))


def test_a_time_zone_must_exist() -> None:
    assert rules.check_time_zone("Asia/Tokyo") == "Asia/Tokyo"
    with pytest.raises(rules.TimeZoneUnknown):
        rules.check_time_zone("Mars/Olympus")
