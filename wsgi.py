"""Entry point for a WSGI server: `gunicorn --preload wsgi:app`."""

import gc

from helpdesk.app import create_app
from helpdesk.demo.safety import refuse_demonstration
from helpdesk.extensions import db

app = create_app()
refuse_demonstration(app)

# What a server loads once and then forks is shared memory as long as nobody writes to it; an open connection is not.
with app.app_context():
    db.engine.dispose()
gc.collect()
gc.freeze()
