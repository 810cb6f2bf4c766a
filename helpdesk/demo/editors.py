"""What waits for the editors of the demonstration: gaps that readers showed, tasks, a review, a plan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.kb.desk_models import Plan, ReviewStep, TaskKind
from helpdesk.kb.models import Article, ArticleFeedback, ArticleTranslation, Audience
from helpdesk.kb.rules import Content, content_of
from helpdesk.kb.services.details import change_details
from helpdesk.kb.services.drafting import base_of, create_article, save_draft
from helpdesk.kb.services.planning import plan_change
from helpdesk.kb.services.publishing import publish
from helpdesk.kb.services.reviewing import comment, note_step
from helpdesk.kb.services.tasks import make_task, take_task
from helpdesk.search.models import LoggedQuery
from helpdesk.tickets.models import SuggestionOpened

_NOTHING_FOUND: Final = (
    ("change the billing currency", "en", 7),
    ("更换对公账户", "zh-Hans", 6),
    ("インボイス制度 登録番号", "ja", 5),
    ("purchase order number on the bill", "en", 4),
    ("合并账单", "zh-Hans", 3),
    ("年間契約 前払い 割引", "ja", 2),
)
_NOT_OPENED: Final = (
    ("who approves a refund", "en", 6, 4),
    ("发票抬头变更", "zh-Hans", 5, 3),
    ("停止中 メール 受信", "ja", 3, 5),
)
_LEFT: Final = (
    (
        "why-was-i-charged-a-prorated-amount",
        "zh-Hans",
        "unclear",
        "例子里只有一个席位。我们月中加了五个、又减了两个，还是算不出来。",
    ),
    ("why-was-i-charged-a-prorated-amount", "zh-Hans", "not_my_question", ""),
    ("correct-a-fapiao", "zh-Hans", "not_my_question", "已经认证抵扣的专票怎么红冲？"),
    ("payment-made-but-still-overdue", "en", "unclear", "How long does matching take when the bank fee was deducted?"),
    ("what-happens-when-payment-is-late", "ja", "policy", "月末締め翌々月払いの会社では、この日数では間に合いません。"),
)
_OPENED: Final = (
    ("why-was-i-charged-a-prorated-amount", "zh-Hans", 9, 2),
    ("request-a-fapiao", "zh-Hans", 7, 1),
    ("payment-made-but-still-overdue", "en", 5, 3),
    ("what-happens-when-payment-is-late", "ja", 4, 1),
)


def load_editors_room(session: Session, people: dict[str, User], *, now: datetime) -> None:
    """Four weeks of what readers missed, and what the editors made of it."""
    shelf = {
        (slug, translation.locale): translation
        for translation, slug in session.execute(select(ArticleTranslation, Article.slug).join(Article)).all()
    }
    if not shelf:
        return
    emma, lead = people["emma.jones@partner.example"], people["mei.lin@partner.example"]
    _searches(session, now=now)
    _verdicts(session, shelf, now=now)
    _spared(session, [user for user in people.values() if user.customer_id is not None], now=now)
    _tasks(session, emma, now=now)
    aged = shelf["when-a-term-ends", "en"].article
    _matrix(session, shelf["seats-bought-not-used", "en"], aged, emma, now=now)
    _review(session, shelf["correct-a-fapiao", "en"], lead, emma, now=now)
    _plan(session, shelf["price-changes-and-renewal", "en"], emma, now=now)


def _searches(session: Session, *, now: datetime) -> None:
    for text, locale, times in _NOTHING_FOUND:
        session.add_all(_asked(text, locale, 0, times, now))
    for text, locale, times, results in _NOT_OPENED:
        session.add_all(_asked(text, locale, results, times, now))


def _asked(text: str, locale: str, results: int, times: int, now: datetime) -> Iterable[LoggedQuery]:
    for back in range(times):
        at = now - timedelta(days=1 + 3 * back, hours=back)
        yield LoggedQuery(text=text, locale=locale, is_public=back % 2 == 0, results=results, at=at)


def _verdicts(session: Session, shelf: dict[tuple[str, str], ArticleTranslation], *, now: datetime) -> None:
    for number, (slug, locale, reason, words) in enumerate(_LEFT):
        session.add(
            ArticleFeedback(
                translation_id=shelf[slug, locale].id,
                reader_key=f"demonstration-{number}",
                helpful=False,
                reason=reason,
                comment=words,
                at=now - timedelta(days=2 + number, hours=5),
            )
        )


def _spared(session: Session, readers: list[User], *, now: datetime) -> None:
    for slug, locale, opened, sent in _OPENED:
        for number in range(opened):
            at = now - timedelta(days=1 + 2 * number, hours=3)
            session.add(
                SuggestionOpened(
                    user_id=readers[number % len(readers)].id,
                    form_key=f"demonstration-{slug[:18]}-{number}",
                    article=slug,
                    locale=locale,
                    at=at,
                    sent_at=at + timedelta(minutes=4) if number < sent else None,
                )
            )


def _tasks(session: Session, editor: User, *, now: datetime) -> None:
    text, locale, _ = _NOTHING_FOUND[0]
    make_task(
        session,
        kind=TaskKind.NO_RESULT,
        title=text,
        locale=locale,
        by=editor.id,
        now=now - timedelta(days=3),
        evidence=[text],
    )
    text, locale, _ = _NOTHING_FOUND[2]
    make_task(
        session,
        kind=TaskKind.NO_RESULT,
        title=text,
        locale=locale,
        by=editor.id,
        now=now - timedelta(days=2),
        evidence=[text],
    )
    slug, locale, _, words = _LEFT[0]
    task = make_task(
        session,
        kind=TaskKind.UNHELPFUL,
        title="为什么按比例收费：再加一个增减席位的例子",
        locale=locale,
        by=editor.id,
        now=now - timedelta(days=1),
        slug=slug,
        evidence=[words],
    )
    take_task(session, task, by=editor.id)


def _matrix(session: Session, changed: ArticleTranslation, aged: Article, editor: User, *, now: datetime) -> None:
    """A change that the translations do not follow yet, an article begun in one language, one to be read again."""
    content = content_of(changed)
    publish(
        session,
        changed,
        content=Content(
            content.title,
            content.summary,
            content.body.replace("Keep one or two spare", "Keep two or three spare"),
            content.tags,
        ),
        note="Two spare seats were too few for those who hire every month.",
        by=editor.id,
        now=now - timedelta(days=2),
    )
    create_article(
        session,
        slug="pay-in-another-currency",
        locale="en",
        content=Content(
            "Can I pay in another currency?",
            "Bills are in CNY. Your bank can exchange; what arrives must be the amount of the bill.",
            "Bills are in CNY, and what arrives on our account must be the amount of the bill in CNY.\n",
            ("currency", "exchange"),
        ),
        audience=Audience.PUBLIC,
        category=changed.article.category,
        by=editor.id,
        now=now - timedelta(days=1),
    )
    change_details(
        session,
        aged,
        audience=aged.audience,
        category=aged.category,
        slug=aged.slug,
        review_by=now.date() - timedelta(days=2),
        owner=editor.id,
        products=aged.products,
        topics=aged.topics,
        by=editor.id,
        now=now - timedelta(days=90),
    )


def _review(session: Session, translation: ArticleTranslation, author: User, editor: User, *, now: datetime) -> None:
    """A lead's draft that waits for the editor, with a word on it."""
    content = content_of(translation)
    at = now - timedelta(hours=20)
    addition = (
        "\n\n## When the fapiao was already deducted\n\n"
        "Tell us first: a red-letter notice must exist before we can issue a new one.\n"
    )
    note = "Customers ask about deducted fapiao every week."
    save_draft(
        session,
        translation,
        content=Content(content.title, content.summary, content.body.rstrip() + addition, content.tags),
        base=base_of(translation),
        by=author.id,
        now=at,
        note=note,
        submit=True,
    )
    note_step(session, translation, ReviewStep.SUBMITTED, body=note, by=author.id, now=at)
    comment(
        session,
        translation,
        body="Good. Can we name the tax bureau's form, so that readers find it?",
        by=editor,
        now=now - timedelta(hours=2),
    )


def _plan(session: Session, translation: ArticleTranslation, editor: User, *, now: datetime) -> None:
    """A change that readers see on the first of next month."""
    content = content_of(translation)
    first = (now.replace(day=1) + timedelta(days=32)).replace(day=1, hour=1, minute=0, second=0, microsecond=0)
    plan_change(
        session,
        translation,
        Plan.PUBLISH,
        due_at=first,
        content=Content(
            content.title,
            content.summary,
            content.body.rstrip() + "\n\nThe price list for the new quarter applies from the first of the month.\n",
            content.tags,
        ),
        note="With the new price list",
        by=editor.id,
        now=now,
    )
