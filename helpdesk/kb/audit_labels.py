"""What the audit trail says of what is done to articles."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

AUDIT_ACTIONS: Final[dict[str, LazyString]] = {
    "article.published": _l("Published an article"),
    "article.archived": _l("Took an article away"),
    "article.planned_publish": _l("Planned an article’s publication"),
    "article.planned_unpublish": _l("Planned when an article goes away"),
    "article.details": _l("Changed the details of an article"),
    "article.review_date": _l("Set when an article is reviewed"),
    "article.draft_replaced": _l("Replaced somebody’s draft"),
    "article.redirected": _l("Led an old address to an article"),
    "article.redirect_dropped": _l("Dropped an old address of an article"),
    "category.kept": _l("Saved a category"),
    "category.dropped": _l("Deleted a category"),
}
"""Each action that this slice writes, in words."""
