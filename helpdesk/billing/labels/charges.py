"""Every charge type in plain words: a name, and why it is on the invoice."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from helpdesk.billing.models import ChargeType

CHARGE_NAMES: Final = {
    ChargeType.PURCHASE_FEE: _l("First fee"),
    ChargeType.PRORATE_PURCHASE: _l("Prorated fee from the purchase"),
    ChargeType.PRORATE_ACTIVATE: _l("Prorated fee from the activation"),
    ChargeType.CYCLE_FEE: _l("Monthly fee"),
    ChargeType.CYCLE_INSTANCE_PRORATE: _l("Prorated fee after a change of seats"),
    ChargeType.CANCEL_INSTANCE_PRORATE: _l("Refund of a prepaid fee after a change of seats"),
    ChargeType.PRORATE_CANCEL: _l("Refund after a cancellation"),
    ChargeType.PRORATE_RENEW: _l("Prorated fee at renewal"),
    ChargeType.RENEW_FEE: _l("Renewal fee"),
    ChargeType.ACTIVATION_FEE: _l("Activation fee"),
    ChargeType.OFFSET: _l("Offset of an earlier line"),
    ChargeType.ACTIVATION_DISCOUNT: _l("Discount on the activation"),
    ChargeType.CYCLE_DISCOUNT: _l("Discount on the monthly fee"),
    ChargeType.RENEW_DISCOUNT: _l("Discount on the renewal"),
    ChargeType.CANCEL_DISCOUNT: _l("Discount taken back after a cancellation"),
    ChargeType.USAGE_CYCLE: _l("Usage of this period"),
    ChargeType.USAGE_CANCEL: _l("Usage up to the cancellation"),
}

CHARGE_WORDS: Final = {
    ChargeType.PURCHASE_FEE: _l(
        "The first charge of a subscription that you bought. Seats are paid for in advance, a month at a time."
    ),
    ChargeType.PRORATE_PURCHASE: _l(
        "You bought in the middle of a billing month, so this month is charged only from that day to its end."
    ),
    ChargeType.PRORATE_ACTIVATE: _l(
        "The subscription was activated in the middle of a billing month, so this month is charged only from that day "
        "to its end."
    ),
    ChargeType.CYCLE_FEE: _l(
        "The regular fee for the seats that you hold, paid in advance for this billing month. It counts seats bought, "
        "whether they are used or not."
    ),
    ChargeType.CYCLE_INSTANCE_PRORATE: _l(
        "The number of seats changed during this billing month. This line charges the days on which you had exactly "
        "this many seats."
    ),
    ChargeType.CANCEL_INSTANCE_PRORATE: _l(
        "The number of seats changed after the month was paid for. This line gives the prepaid fee back; other lines "
        "charge the same days again with the right number of seats, and the next month with the new number."
    ),
    ChargeType.PRORATE_CANCEL: _l(
        "The subscription was cancelled during a month that was paid for. This line gives back the days after the "
        "cancellation."
    ),
    ChargeType.PRORATE_RENEW: _l(
        "The subscription was renewed in the middle of a billing month. This line charges the days from the renewal to "
        "the end of that month, at the price of the new term."
    ),
    ChargeType.RENEW_FEE: _l(
        "The fee of the first month of a new term. At renewal the price may change; during a term it is guaranteed."
    ),
    ChargeType.ACTIVATION_FEE: _l("Charged once, when the subscription was first used after its purchase."),
    ChargeType.OFFSET: _l(
        "Gives back part or all of an earlier line, tax included. It corrects that line; it is not a discount."
    ),
    ChargeType.ACTIVATION_DISCOUNT: _l("Lowers the activation fee under an offer that applied on that day."),
    ChargeType.CYCLE_DISCOUNT: _l("Lowers the monthly fee under an offer that applies to this subscription."),
    ChargeType.RENEW_DISCOUNT: _l("Lowers the fee of the renewal under an offer that applied on that day."),
    ChargeType.CANCEL_DISCOUNT: _l(
        "Takes back the part of a discount that belonged to the days after the cancellation, because their fee was "
        "given back too."
    ),
    ChargeType.USAGE_CYCLE: _l("What was used in this period beyond the quantity that is included."),
    ChargeType.USAGE_CANCEL: _l("What was used beyond the included quantity up to the day of the cancellation."),
}
