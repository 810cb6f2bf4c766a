"""Every shipped article renders, leads somewhere, computes, and takes its numbers from the rules in force."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
import yaml

from helpdesk.config import ROOT
from helpdesk.kb.folder.checking import check_folder
from helpdesk.kb.folder.files import ArticleFile, Written, articles_in, read
from helpdesk.kb.rendering import render_markdown
from helpdesk.web.locale import LOCALES

KB = ROOT / "kb"
FILES = list(articles_in(KB))
NAMES = [f"{file.slug}/{file.locale}" for file in FILES]
VARIABLES = dict.fromkeys(
    [
        "partner.name",
        "partner.support_hours",
        "partner.support_email",
        "policy.reminder_day",
        "policy.second_reminder_day",
        "policy.final_notice_day",
        "policy.suspension_day",
        "limits.payment_terms_days",
        "limits.data_retention_days",
        "limits.price_notice_days",
        "limits.partner_payment_days",
        "limits.late_charge_percent",
        "limits.upload_max_mb",
        "limits.upload_max_files",
        "limits.reopen_days",
        "limits.autoclose_working_days",
        "limits.first_answer_hours",
        "vnet.support_hours",
    ],
    "7",
)
EQUATION = re.compile(
    r"((?:[0-9][0-9,]*(?:\.[0-9]+)?\s*[×÷+−]\s*)+[0-9][0-9,]*(?:\.[0-9]+)?)\s*=\s*([0-9][0-9,]*(?:\.[0-9]+)?)"
)
RULES = re.compile(
    r"(?<![0-9.,])(?:(?:60|30|14|16|5)\s*(?:days?\b|working|business|hours?\b|个工作日|天内|小时|日以内|営業日|時間)"
    r"|1\.5\s*(?:%|percent)|(?:10|25)\s*MB)"
)
"""A number of the rules with its unit: the variable must stand there instead."""


def written(file: ArticleFile) -> Written:
    return read(file)


def equations(text: str) -> list[tuple[str, str]]:
    return EQUATION.findall(text)


def result_of(expression: str) -> Decimal:
    """From left to right, × and ÷ before + and −, exact."""
    total = Decimal(0)
    for sign, term in re.findall(r"([+−]?)\s*([^+−]+)", expression):
        value = Decimal(1)
        for operation, number in re.findall(r"([×÷]?)\s*([0-9.,]+)", term):
            factor = Decimal(number.replace(",", ""))
            value = value / factor if operation == "÷" else value * factor
        total += -value if sign == "−" else value
    return total


def test_each_article_is_there_in_each_language() -> None:
    slugs = {file.slug for file in FILES}

    assert len(slugs) >= 30
    assert {(file.slug, file.locale) for file in FILES} == {(slug, locale) for slug in slugs for locale in LOCALES}


def test_the_check_that_editors_run_finds_nothing() -> None:
    assert [finding.as_json() for finding in check_folder(KB, variables=VARIABLES)] == []


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_each_article_renders_and_says_when_it_was_checked(file: ArticleFile) -> None:
    article = written(file)

    rendered = render_markdown(article.body, locale=file.locale, slug=file.slug, variables=VARIABLES)

    assert not rendered.unknown_variables
    assert rendered.toc
    assert article.meta.summary
    assert article.meta.tags
    assert article.meta.reviewed
    assert article.meta.review_by
    assert len(article.meta.title) <= 60
    assert len(article.meta.summary) <= 160


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_each_worked_example_computes(file: ArticleFile) -> None:
    for expression, stated in equations(written(file).body):
        expected = Decimal(stated.replace(",", ""))
        exact = result_of(expression).quantize(expected, ROUND_HALF_UP)
        assert exact == expected, f"{expression} = {stated}"


@pytest.mark.parametrize("slug", sorted({file.slug for file in FILES}))
def test_the_examples_are_the_same_in_every_language(slug: str) -> None:
    by_locale = {file.locale: sorted(equations(written(file).body)) for file in FILES if file.slug == slug}

    assert by_locale["zh-Hans"] == by_locale["en"] == by_locale["ja"]


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_numbers_of_the_rules_come_from_the_rules(file: ArticleFile) -> None:
    is_example = re.compile(r"`|[0-9]\.[0-9]{2}\b")
    prose = [line for line in written(file).body.split("\n") if not is_example.search(line)]

    assert [line for line in prose if RULES.search(line)] == []


def test_every_category_that_an_article_names_is_a_shelf() -> None:
    shelves = yaml.safe_load((KB / "categories.yml").read_text("utf-8"))
    known = {child["slug"] for shelf in shelves for child in shelf["children"]}

    assert {written(file).meta.category for file in FILES} <= known
    assert all(set(each["names"]) == set(LOCALES) for shelf in shelves for each in (shelf, *shelf["children"]))


def test_the_equation_reader_is_not_fooled() -> None:
    assert result_of("15 × 11.00 ÷ 31 × 5").quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal("26.61")
    assert result_of("155.06 + 110.00 − 165.00") == Decimal("100.06")
    assert equations("`86,000.00 × 1.5 ÷ 100 = 1,290.00`") == [("86,000.00 × 1.5 ÷ 100", "1,290.00")]
    assert Path(KB).is_dir()
