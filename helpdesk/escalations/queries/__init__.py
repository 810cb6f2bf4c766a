"""What the pages of the slice read."""

from helpdesk.escalations.queries.cases import (
    CustomerView,
    case_by_request_number,
    case_to_change,
    contact_file_visible,
    customer_view_of,
    escalations_visible_to,
    open_case_of,
    visible_case,
)

__all__ = [
    "CustomerView",
    "case_by_request_number",
    "case_to_change",
    "contact_file_visible",
    "customer_view_of",
    "escalations_visible_to",
    "open_case_of",
    "visible_case",
]
