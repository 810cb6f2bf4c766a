"""The closed set of charges."""

from __future__ import annotations

from enum import StrEnum


class ChargeType(StrEnum):
    """Charge types of the license-based reconciliation file, by their documented names."""

    PURCHASE_FEE = "Purchase fee"
    PRORATE_PURCHASE = "Prorate fees when purchase"
    PRORATE_ACTIVATE = "Prorate fees when activate"
    CYCLE_FEE = "Cycle fee"
    CYCLE_INSTANCE_PRORATE = "Cycle instance prorate"
    CANCEL_INSTANCE_PRORATE = "Cancel instance prorate"
    PRORATE_CANCEL = "Prorate fees when cancel"
    PRORATE_RENEW = "Prorate fee when renew"
    RENEW_FEE = "Renew fee"
    ACTIVATION_FEE = "Activation fee"
    OFFSET = "Offset line item"
    ACTIVATION_DISCOUNT = "Activation discount"
    CYCLE_DISCOUNT = "Cycle discount"
    RENEW_DISCOUNT = "Renew discount"
    CANCEL_DISCOUNT = "Cancel discount"
    USAGE_CYCLE = "Assess usage fee for current cycle"
    USAGE_CANCEL = "Assess usage fee when cancel"
