"""Entry point for a WSGI server: `gunicorn wsgi:app`."""

from helpdesk.app import create_app
from helpdesk.demo.safety import refuse_demonstration

app = create_app()
refuse_demonstration(app)
