"""Choices that a form never offered."""

from __future__ import annotations

import pytest

from tests.security.house import House


@pytest.mark.parametrize("field", ["reason", "severity"])
def test_a_reason_or_severity_that_nobody_offered_brings_the_form_back(house: House, field: str) -> None:
    path = house.path("escalations.change", house.objects["case"], "POST")

    answer = house.knock("agent", "POST", path, data={field: "x7q", "facts": "Kept words."})

    assert answer.status_code == 200
    assert "Kept words." in answer.text
