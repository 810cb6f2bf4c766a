"""The words that people read for the closed sets of a case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from babel import dates, numbers
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from helpdesk.escalations.models import (
    ApprovalCause,
    Channel,
    ContactEffect,
    CreditWatch,
    Direction,
    EscalationReason,
    EscalationState,
    Outcome,
    Severity,
)
from helpdesk.escalations.score import Part
from helpdesk.escalations.time_split import Party
from helpdesk.web.locale import page_locale

STATES: Final = {
    EscalationState.AWAITING_APPROVAL: _l("Waiting for approval"),
    EscalationState.PREPARED: _l("Ready to file"),
    EscalationState.FILED: _l("With 21Vianet"),
    EscalationState.INFORMATION_REQUESTED: _l("Information requested"),
    EscalationState.ANSWERED: _l("Answered, customer not told"),
    EscalationState.CLOSED: _l("Case closed"),
    EscalationState.WITHDRAWN: _l("Case withdrawn"),
}
STEPS: Final = STATES | {EscalationState.ANSWERED: _l("Answered")}
"""What a case has been through, whether the customer has been told since or not."""
STATE_TONES: Final = {
    EscalationState.AWAITING_APPROVAL: "warn",
    EscalationState.PREPARED: "info",
    EscalationState.FILED: "brand",
    EscalationState.INFORMATION_REQUESTED: "warn",
    EscalationState.ANSWERED: "good",
    EscalationState.CLOSED: "neutral",
    EscalationState.WITHDRAWN: "neutral",
}
STATE_ICONS: Final = {
    EscalationState.AWAITING_APPROVAL: "person-check",
    EscalationState.PREPARED: "file-earmark-text",
    EscalationState.FILED: "arrow-up-right-circle",
    EscalationState.INFORMATION_REQUESTED: "question-circle",
    EscalationState.ANSWERED: "chat-left-text",
    EscalationState.CLOSED: "check2-circle",
    EscalationState.WITHDRAWN: "x-circle",
}
REASONS: Final = {
    EscalationReason.TRAINING: _l("Training: we have not been taught this"),
    EscalationReason.DOCUMENTATION: _l("Documentation: nothing we have explains it"),
    EscalationReason.SUPPORT_TOOLS: _l("Support tools: we cannot see or change it ourselves"),
}
REASON_NAMES: Final = {
    EscalationReason.TRAINING: _l("Training"),
    EscalationReason.DOCUMENTATION: _l("Documentation"),
    EscalationReason.SUPPORT_TOOLS: _l("Support tools"),
}
SEVERITIES: Final = {
    Severity.CRITICAL: _l("Critical: the customer’s business has stopped"),
    Severity.MODERATE: _l("Moderate: the customer is hindered"),
    Severity.MINIMAL: _l("Minimal: a question, nobody is hindered"),
}
SEVERITY_NAMES: Final = {
    Severity.CRITICAL: _l("Critical"),
    Severity.MODERATE: _l("Moderate"),
    Severity.MINIMAL: _l("Minimal"),
}
OUTCOMES: Final = {
    Outcome.GRANTED: _l("Granted: a credit is coming"),
    Outcome.EXPLAINED: _l("Explained: the charge is right, and we know why"),
    Outcome.DECLINED: _l("Declined"),
    Outcome.INAPPROPRIATE: _l("Returned as inappropriate: we should have resolved it"),
}
OUTCOME_NAMES: Final = {
    Outcome.GRANTED: _l("Granted"),
    Outcome.EXPLAINED: _l("Explained"),
    Outcome.DECLINED: _l("Declined"),
    Outcome.INAPPROPRIATE: _l("Returned as inappropriate"),
    Outcome.WITHDRAWN: _l("Withdrawn"),
}
OUTCOME_TONES: Final = {
    Outcome.GRANTED: "good",
    Outcome.EXPLAINED: "info",
    Outcome.DECLINED: "warn",
    Outcome.INAPPROPRIATE: "bad",
    Outcome.WITHDRAWN: "neutral",
}
CAUSES: Final = {
    ApprovalCause.AMOUNT: _l("The amount is above the limit up to which agents decide alone."),
    ApprovalCause.NEW_AGENT: _l("The agent joined only recently."),
}
CREDIT_WATCHES: Final = {
    CreditWatch.EXPECTED: _l("Expected on a later reconciliation file"),
    CreditWatch.ARRIVED: _l("Arrived as an Offset line item"),
    CreditWatch.MISSING: _l("Missing: it has not come with two files"),
}
CREDIT_TONES: Final = {CreditWatch.EXPECTED: "info", CreditWatch.ARRIVED: "good", CreditWatch.MISSING: "bad"}
CHANNELS: Final = {Channel.PORTAL: _l("Partner Center"), Channel.CALL: _l("Call"), Channel.MAIL: _l("E-mail")}
CHANNEL_ICONS: Final = {Channel.PORTAL: "window", Channel.CALL: "telephone", Channel.MAIL: "envelope"}
DIRECTIONS: Final = {
    Direction.FROM_21VIANET: _l("21Vianet told us"),
    Direction.FROM_US: _l("We told 21Vianet"),
}
EFFECTS: Final = {
    ContactEffect.NONE: _l("Nothing changes"),
    ContactEffect.INFORMATION_REQUESTED: _l("21Vianet asks us for information: it is our turn"),
    ContactEffect.INFORMATION_GIVEN: _l("We gave the information: it is 21Vianet’s turn again"),
}
PARTIES: Final = {Party.US: _l("Us"), Party.CUSTOMER: _l("The customer"), Party.VNET: _l("21Vianet")}

PARTS: Final = {
    Part.FACTS: _l("What happened, in some detail"),
    Part.TRIED: _l("What you tried, in some detail"),
    Part.PROOF: _l("An article or message that shows it"),
    Part.REASON: _l("Why we cannot resolve it ourselves"),
    Part.LINE: _l("The invoice line"),
    Part.ROW: _l("A line that comes from a reconciliation file"),
    Part.SUBSCRIPTION: _l("The subscription"),
    Part.FILE: _l("A file as evidence"),
}
PART_REASONS: Final = {
    Part.FACTS: _l("Without it the representative has to call you before anything starts."),
    Part.TRIED: _l("It shows that this is not support we could have given ourselves."),
    Part.PROOF: _l("If 21Vianet doubts the escalation, this is what we point to."),
    Part.REASON: _l("Escalations without a good reason lead to a remediation plan."),
    Part.LINE: _l("21Vianet looks at charges, not at conversations."),
    Part.ROW: _l("Only its OrderId and SubscriptionId are known to 21Vianet’s billing platform."),
    Part.SUBSCRIPTION: _l("The representative opens the case by the subscription."),
    Part.FILE: _l("A document often answers the first question that comes back."),
}

FIELDS: Final = {
    "title_zh": _l("Title, Chinese"),
    "title_en": _l("Title, English"),
    "severity": _l("Severity"),
    "customer_name": _l("Customer"),
    "tenant_id": _l("Microsoft ID (tenant ID)"),
    "domain": _l("Domain"),
    "amount": _l("Amount at stake"),
    "contact": _l("Contact person"),
    "description_zh": _l("Description, Chinese"),
    "description_en": _l("Description, English"),
    "order_id": "OrderId",
    "subscription_id": "SubscriptionId",
    "portal_subscription_id": _l("Subscription ID in Partner Center"),
    "offer_name": "OfferName",
    "offer_id": "OfferId",
    "charge_type": "ChargeType",
    "period": _l("Charge period"),
    "quantity": "Quantity",
    "unit_price": "UnitPrice",
    "subtotal": "Subtotal",
    "tax": "Tax",
    "total": "TotalForCustomer",
    "source": _l("Reconciliation file and row"),
}
"""Names of a packet's fields; those of the reconciliation file keep their own names in every language."""
FIELD_HINTS: Final = {"portal_subscription_id": "SyndicationPartnerSubscriptionNumber"}


def percent(share: float | None) -> str:
    """A share of one as percent, or a dash where there is nothing to share."""
    return "–" if share is None else str(numbers.format_percent(share, format="#,##0%", locale=page_locale()))


def hours_words(hours: float | None) -> str:
    """Working hours, to one decimal."""
    if hours is None:
        return "–"
    return str(_("%(hours)s h", hours=numbers.format_decimal(round(hours, 1), locale=page_locale())))


def days_words(days: float) -> str:
    """Days, to one decimal."""
    return str(_("%(days)s d", days=numbers.format_decimal(round(days, 1), locale=page_locale())))


def span_words(span: timedelta) -> str:
    """A span in hours while it is short, else in days."""
    if span < timedelta(days=2):
        return hours_words(span / timedelta(hours=1))
    return days_words(span / timedelta(days=1))


def month_words(month: date) -> str:
    """A month with its year."""
    return str(dates.format_skeleton("yMMM", month, locale=page_locale()))
