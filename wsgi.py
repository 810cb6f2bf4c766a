"""Entry point for a WSGI server: `gunicorn wsgi:app`."""

from helpdesk.app import create_app

app = create_app()
