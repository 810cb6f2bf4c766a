"""Everything that the audit trail can hold has words that a manager reads, from the slice that writes it."""

from __future__ import annotations

import importlib

from helpdesk.system.trail.labels import ACTIONS, SLICES
from tests.architecture.audit_actions import actions_written


def test_every_action_that_the_code_writes_has_words_and_none_has_without_being_written() -> None:
    assert set(actions_written()) == set(ACTIONS)


def test_the_words_stand_in_the_slice_that_writes_the_action() -> None:
    written = {key: module.split(".")[1] for key, module in actions_written().items()}

    assert {name: set(each.actions) for name, each in SLICES.items()} == {
        name: {key for key, slice_ in written.items() if slice_ == name} for name in SLICES
    }


def test_no_slice_that_has_words_is_left_out() -> None:
    for name, each in SLICES.items():
        assert importlib.import_module(f"helpdesk.{name}.audit_labels").AUDIT_ACTIONS is each.actions


def test_no_two_actions_are_called_the_same() -> None:
    words = [str(each) for each in ACTIONS.values()]

    assert len(words) == len(set(words))
