"""Pages about mail and notifications."""

from helpdesk.notifications.views import notices, outbox

blueprints = [outbox.bp, notices.bp]
