"""Tickets of the demonstration that went to 21Vianet, or are about to."""

from typing import Final

from helpdesk.demo.cases.open import OPEN_CASES
from helpdesk.demo.cases.past import PAST_CASES

CASES: Final = (*OPEN_CASES, *PAST_CASES)
