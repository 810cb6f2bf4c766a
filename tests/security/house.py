"""A whole house for the security tests: the demonstration's day, one of every object, and people at the door."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from helpdesk.accounts.models import User
from helpdesk.accounts.sessions.browser import TOKEN
from helpdesk.accounts.sessions.services import begin_session
from helpdesk.clock import utc_now

ANONYMOUS = "anonymous"
PEOPLE = {
    "other": "sato@sakura.example",
    "member": "li.na@lanting.example",
    "contact": "wang.fang@lanting.example",
    "agent": "tom.becker@partner.example",
    "lead": "mei.lin@partner.example",
    "editor": "emma.jones@partner.example",
    "admin": "ada.root@partner.example",
}
"""Who comes to the door: a billing contact of another customer, two people of the one, the partner's people."""
DOOR = (ANONYMOUS, *PEOPLE)


@dataclass(slots=True)
class House:
    """The application with its day, and a way to knock as anyone; every knock is undone."""

    app: Flask
    connection: sa.Connection
    session: Session
    objects: dict[str, dict[str, Any]]
    """Values for addresses, by a name such as `ticket of contact`."""
    tokens: dict[str, tuple[str, str]] = field(default_factory=dict)
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    def person(self, who: str) -> User:
        """The account of somebody at the door."""
        return self.session.scalars(sa.select(User).where(User.email == PEOPLE[who])).one()

    def let_in(self) -> None:
        """Begin a session of everybody, just confirmed."""
        for who in PEOPLE:
            person = self.person(who)
            _, token = begin_session(self.session, person, device="Firefox", address="127.0.0.1", now=utc_now())
            self.tokens[who] = (person.get_id(), token)
        self.session.commit()

    def visitor(self, who: str) -> FlaskClient:
        """A browser of that person's, signed in."""
        client = self.app.test_client()
        if who != ANONYMOUS:
            with client.session_transaction() as visit:
                visit["_user_id"], visit[TOKEN] = self.tokens[who]
        return client

    def path(self, endpoint: str, values: Mapping[str, Any], method: str = "GET") -> str:
        """The address of a route."""
        return self.app.url_map.bind("localhost").build(endpoint, dict(values), method=method)

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Take back whatever is written meanwhile.

        A savepoint that was rolled back stays open, and PostgreSQL keeps a lock for each, so it stands in one that
        is released.
        """
        self.connection.exec_driver_sql("SAVEPOINT visit")
        savepoint = self.connection.begin_nested()
        try:
            yield
        finally:
            savepoint.rollback()
            self.connection.exec_driver_sql("RELEASE SAVEPOINT visit")
            self.session.expire_all()

    def knock(self, who: str, method: str, path: str, **more: Any) -> TestResponse:
        """One request as somebody; nothing of it stays."""
        with self.undone():
            client = self.clients.get(who) or self.clients.setdefault(who, self.visitor(who))
            cookie = client.get_cookie("session")
            answer = client.open(path, method=method, buffered=True, **more)
            if cookie is not None:
                client.set_cookie("session", cookie.value)
        return answer
