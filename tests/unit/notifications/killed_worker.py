"""Workers that are slow between all their steps and kill themselves, one after the other; run by a test.

Arguments: the moment at which the first one's clock begins, how many lives, and the seed of chance. Each life is a
fork, so that only the first costs the start. Printed: how each ended.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from threading import Timer

from flask import Flask

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


def live(app: Flask, transport: SlowFolder, now: datetime) -> None:
    """Work until killed; a life that finds nothing to do kills itself too."""
    with app.app_context():
        while deliver_due(db.sessionmaker, transport, now=now):
            pass
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Live, die, and live again."""
    settings = Settings()
    app = create_app(settings)
    at, lives, chance = datetime.fromisoformat(sys.argv[1]), int(sys.argv[2]), random.Random(int(sys.argv[3]))
    for life in range(lives):
        transport = SlowFolder(settings.var / "mail", chance.randint(1, 7), chance.uniform(0, 0.02))
        child = os.fork()
        if child == 0:
            live(app, transport, at + timedelta(minutes=10 * life))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201 - the answer


main()
