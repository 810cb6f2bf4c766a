"""`helpdesk search`: ask, measure, rebuild, and see how the index is."""

from __future__ import annotations

import json
import sys
from typing import IO

import click

from helpdesk.clock import utc_now
from helpdesk.db import only_read
from helpdesk.extensions import db, settings
from helpdesk.search import indexer, jobs
from helpdesk.search.contracts import LOCALES, SearchHit, SearchQuery
from helpdesk.search.evaluate import Report, UnreadableCases, evaluate, read_cases
from helpdesk.search.services import search as answer_of


@click.group()
def search() -> None:
    """Ask the search, measure it, rebuild its index."""


@search.command()
@click.argument("text")
@click.option("--locale", type=click.Choice(LOCALES), default="en", show_default=True)
@click.option("--audience", multiple=True, default=("public",), show_default=True, help="May be given several times.")
@click.option("--kind", default="article", show_default=True)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100))
@click.option("--exact", is_flag=True, help="Leave the spelling alone.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def query(
    text: str, locale: str, audience: tuple[str, ...], kind: str, limit: int, *, exact: bool, as_json: bool
) -> None:
    """Answer one question as readers of the given audiences would see it."""
    only_read()
    asked = SearchQuery(text=text, locale=locale, kind=kind, audiences=frozenset(audience), limit=limit, exact=exact)
    answer = answer_of(db.session, asked, index=jobs.get_index(settings()))
    if as_json:
        found = [{"slug": hit.slug, "title": hit.title, "score": round(hit.score, 4)} for hit in answer.hits]
        correction = answer.correction.text if answer.correction else None
        click.echo(json.dumps({"total": answer.total, "correction": correction, "hits": found}, ensure_ascii=False))
        return
    if answer.degraded:
        click.echo("The index is missing; the database answers.", err=True)
    if answer.correction:
        click.echo(f"Showing results for: {answer.correction.text}", err=True)
    for hit in (*answer.hits, *answer.other_languages):
        click.echo(_line(hit))


def _line(hit: SearchHit) -> str:
    snippet = "".join(f"[{part.text}]" if part.marked else part.text for part in hit.snippet)
    return f"{hit.score:5.2f}  {hit.locale}  {hit.slug}  {hit.title}\n       {snippet}"


@search.command("evaluate")
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option("--audience", multiple=True, default=("public",), show_default=True, help="May be given several times.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with the figures over all questions.")
@click.option("--missed", is_flag=True, help="Also list the questions whose answer was not among the first ten.")
def evaluate_file(file: IO[str], audience: tuple[str, ...], *, as_json: bool, missed: bool) -> None:
    """Measure the search with the questions of FILE, one JSON object a line.

    Each has "query", "locale", "expected" (a slug, or a list of slugs of which any counts) and perhaps
    "kind". Prints MRR@10, recall@10 and the milliseconds of a request by locale and kind. What was published
    a moment ago is taken into the index first.
    """
    try:
        cases = list(read_cases(file))
    except UnreadableCases as error:
        click.echo(f"{file.name}: {error}", err=True)
        sys.exit(1)
    jobs.ensure_index()
    only_read()
    report = evaluate(db.session, cases, index=jobs.get_index(settings()), audiences=frozenset(audience))
    if as_json:
        click.echo(json.dumps(report["", ""].as_dict()))
    else:
        _print(report)
    if missed:
        for text in report["", ""].missed:
            click.echo(f"missed: {text}", err=as_json)


def _print(report: Report) -> None:
    click.echo(f"{'locale':9}{'kind':14}{'queries':>8}{'MRR@10':>9}{'recall@10':>11}{'p50 ms':>9}{'p99 ms':>9}")
    for (locale, kind), figures in sorted(report.items(), key=lambda row: (row[0] == ("", ""), row[0])):
        row = figures.as_dict()
        click.echo(
            f"{locale or 'all':9}{kind:14}{row['queries']:>8}{row['mrr_at_10']:>9.3f}{row['recall_at_10']:>11.3f}"
            f"{row['p50_ms']:>9.1f}{row['p99_ms']:>9.1f}"
        )


@search.command()
def rebuild() -> None:
    """Build the index anew from the database, beside the old one, while questions are answered."""
    here = settings()
    with click.progressbar(length=1, label="Rebuilding", file=sys.stderr) as bar:

        def tell(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        size = indexer.rebuild(
            db.sessionmaker, jobs.get_index(here), lock=jobs.lock_of(here), now=utc_now(), progress=tell
        )
    click.echo(f"{size} documents indexed.", err=True)


@search.command()
def status() -> None:
    """Show how the index is; leaves with 1 when it is missing."""
    only_read()
    found = indexer.health(db.session, jobs.get_index(settings()))
    click.echo(
        f"engine {found.engine}: {found.documents} of {found.expected} documents, {found.waiting} changes waiting"
    )
    if not found.available:
        click.echo("The index is missing or broken; the worker rebuilds it, or: helpdesk search rebuild", err=True)
        sys.exit(1)
