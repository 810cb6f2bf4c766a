"""What is done with mail that comes in. They flush; their callers commit."""

from helpdesk.intake.services.by_hand import accept, block, join, replay, unblock
from helpdesk.intake.services.receiving import Envelope, House, receive

__all__ = ["Envelope", "House", "accept", "block", "join", "receive", "replay", "unblock"]
