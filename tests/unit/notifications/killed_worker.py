"""A worker that is slow between all its steps, so that a kill hits each of them; run by a test."""

from __future__ import annotations

import sys
import time
from datetime import datetime
from email.message import EmailMessage

from helpdesk.app import create_app
from helpdesk.config import Settings
from helpdesk.extensions import db
from helpdesk.notifications.delivery import deliver_due
from helpdesk.notifications.transports import FolderTransport


class SlowFolder(FolderTransport):
    """A folder that takes its time before and after it took a mail."""

    __slots__ = ()

    def send(self, mail: EmailMessage) -> None:
        """Dawdle, write, say so, dawdle."""
        time.sleep(0.004)
        super().send(mail)
        print("taken", flush=True)  # noqa: T201 - the test counts them
        time.sleep(0.004)


def main() -> None:
    """Work until killed."""
    settings = Settings()
    app = create_app(settings)
    with app.app_context():
        while True:
            deliver_due(db.sessionmaker, SlowFolder(settings.var / "mail"), now=datetime.fromisoformat(sys.argv[1]))


main()
