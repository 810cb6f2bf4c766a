"""What can be done with a case at 21Vianet, one function a use case. They flush; their callers commit."""

from helpdesk.escalations.services.contacts import Calendars, Said, join_mail, keep_files, log_contact
from helpdesk.escalations.services.filing import record_filing
from helpdesk.escalations.services.follow_up import close_told_cases, remind_of_follow_ups, watch_credits
from helpdesk.escalations.services.gate import approve, open_case, revise, send_back
from helpdesk.escalations.services.outcome import ask_again, close_case, record_answer, withdraw

__all__ = [
    "Calendars",
    "Said",
    "approve",
    "ask_again",
    "close_case",
    "close_told_cases",
    "join_mail",
    "keep_files",
    "log_contact",
    "open_case",
    "record_answer",
    "record_filing",
    "remind_of_follow_ups",
    "revise",
    "send_back",
    "watch_credits",
    "withdraw",
]
