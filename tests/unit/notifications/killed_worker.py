"""A worker that is slow between all its steps and kills itself at a given point; run by a test.

Arguments: the moment at which its clock begins, after how many mails the end is near, and how near in seconds.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from threading import Timer

from helpdesk.app import create_app
from helpdesk.config import Settings
from helpdesk.extensions import db
from helpdesk.notifications.delivery import deliver_due
from helpdesk.notifications.transports import FolderTransport


@dataclass(slots=True)
class SlowFolder(FolderTransport):
    """A folder that takes its time before and after it took a mail, and starts the end after some mails."""

    mails: int = 1
    seconds: float = 0.0

    def send(self, mail: EmailMessage) -> None:
        """Dawdle, write, count, dawdle."""
        time.sleep(0.004)
        FolderTransport.send(self, mail)
        self.mails -= 1
        if self.mails == 0:
            Timer(self.seconds, os.kill, (os.getpid(), signal.SIGKILL)).start()
        time.sleep(0.004)


def main() -> None:
    """Work until killed."""
    settings = Settings()
    app = create_app(settings)
    now, mails, seconds = datetime.fromisoformat(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    transport = SlowFolder(settings.var / "mail", mails, seconds)
    with app.app_context():
        while True:
            deliver_due(db.sessionmaker, transport, now=now)


main()
