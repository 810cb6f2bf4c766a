"""Markdown becomes the HTML we mean, and nothing else."""

from __future__ import annotations

import re
import time

import pytest

from helpdesk.kb.rendering import Profile, fill, plain_text, render_markdown

HOSTILE = [
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "![x](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><animate onbegin=alert(1)></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<style>body{background:url(javascript:alert(1))}</style>",
    '<p style="position:fixed;inset:0">x</p>',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    '<a href="java\tscript:alert(1)">x</a>',
    "<form action=//evil><input name=password><button>x</button></form>",
    "<object data=x><embed src=x>",
    "<base href=//evil>",
    "<meta http-equiv=refresh content='0;url=//evil'>",
    "<template><script>alert(1)</script></template>",
    "<details ontoggle=alert(1) open>x</details>",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    "# <img src=x onerror=alert(1)>",
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "[^1]\n\n[^1]: <script>alert(1)</script>",
    "{{ partner.name }}",
    '<a class="stretched-link position-fixed" href="/x">x</a>',
    "\x02klzzwxh:0000\x03",
]

SLOW = {
    "brackets": "[" * 1_000_000,
    "links": "[a](" * 250_000,
    "quotes": ">" * 5_000 + " x",
    "quotes apart": "> " * 5_000 + "x",
    "lists": "- " * 5_000 + "x",
    "nested lists": "\n".join("    " * depth + "- x" for depth in range(1_000)),
    "stars": "*a " * 300_000,
    "backticks": "`" * 1_000_000,
    "tags": "<div>" * 200_000,
    "open tags": ("<a " * 290 + "\n\n") * 6,
    "addresses": ("<http://a" * 290 + "\n\n") * 6,
    "comments": "<!--" * 250_000,
    "ampersands": "&" * 1_000_000,
    "cells": "|" * 1_000_000,
    "fences": "```\n" * 200_000,
    "footnotes": "[^a]: x\n" * 100_000,
    "details": "??? note\n    x\n" * 50_000,
    "allowed brackets": ("[" * 290 + "\n\n") * 20,
    "paragraphs": "a\n\n" * 300_000,
    "blanks": "[a](b" + " " * 100_000 + "x",
}


def html_of(text: str, **values: str) -> str:
    return str(render_markdown(text, slug="an-article", variables=values).html)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_acts_survives(text: str) -> None:
    html = html_of(text, **{"partner.name": "<script>alert(1)</script>"})

    for tag in re.findall(r"<[^>]*>", html):
        assert not re.match(
            r"</?(script|style|iframe|object|embed|svg|math|form|input|button|base|meta|template)\b", tag
        )
        assert not re.search(r"\son\w+=|javascript:|vbscript:|data:|\sstyle=", tag, re.IGNORECASE)
        assert "stretched-link" not in tag


@pytest.mark.parametrize("name", SLOW)
def test_hostile_texts_take_bounded_time(name: str) -> None:
    begun = time.process_time()

    html = html_of(SLOW[name])

    assert html
    assert time.process_time() - begun < 4


@pytest.mark.parametrize("profile", list(Profile))
def test_empty_text_is_empty(profile: Profile) -> None:
    assert str(render_markdown("", profile=profile).html) == ""


def test_a_variable_is_filled_in_and_escaped() -> None:
    html = html_of(
        "Due in {{ limits.days }} days, says {{partner.name}}.", **{"limits.days": "30", "partner.name": "A & *B*"}
    )

    assert "Due in 30 days, says A &amp; *B*." in html


def test_a_variable_in_code_stays_as_written() -> None:
    assert "<code>{{ limits.days }}</code>" in html_of("`{{ limits.days }}`", **{"limits.days": "30"})


def test_an_unknown_variable_is_marked_and_named() -> None:
    rendered = render_markdown("It is {{ policy.nothing }}.", locale="ja")

    assert 'class="unknown-variable"' in rendered.html
    assert rendered.unknown_variables == {"policy.nothing"}


def test_the_same_text_with_other_values_is_rendered_anew() -> None:
    assert "30" in html_of("{{ a.b }}", **{"a.b": "30"})
    assert "45" in html_of("{{ a.b }}", **{"a.b": "45"})


@pytest.mark.parametrize(
    ("href", "path"),
    [
        ("../when-payment-is-due/", "/zh-Hans/articles/when-payment-is-due"),
        ("../when-payment-is-due", "/zh-Hans/articles/when-payment-is-due"),
        ("../when-payment-is-due/en.md", "/zh-Hans/articles/when-payment-is-due"),
        ("when-payment-is-due.md", "/zh-Hans/articles/when-payment-is-due"),
        ("./When-Payment-Is-Due.md", "/zh-Hans/articles/when-payment-is-due"),
        ("/en/articles/when-payment-is-due", "/zh-Hans/articles/when-payment-is-due"),
        ("../when-payment-is-due/#按天", "/zh-Hans/articles/when-payment-is-due#%E6%8C%89%E5%A4%A9"),
        ("/invoices", "/invoices"),
        ("#below", "#below"),
    ],
)
def test_links_between_articles_become_addresses(href: str, path: str) -> None:
    html = str(render_markdown(f"[x]({href})", locale="zh-Hans").html)

    assert f'<a href="{path}">x</a>' in html


def test_links_in_raw_html_become_addresses_too() -> None:
    assert 'href="/en/articles/billing"' in html_of('<table><tr><td><a href="billing.md">x</a></td></tr></table>')


def test_links_that_leave_are_marked() -> None:
    html = html_of("[x](https://a.example/) and [y](/invoices)")

    assert '<a class="external" href="https://a.example/" rel="noopener noreferrer">x</a>' in html
    assert '<a href="/invoices">y</a>' in html


def test_pictures_come_from_the_articles_folder_only() -> None:
    html = html_of("![ours](screen.png) ![theirs](https://a.example/x.png)")

    assert '<img alt="ours" src="/articles/an-article/images/screen.png">' in html
    assert "theirs" not in html


def test_headings_in_every_script_can_be_linked_and_listed() -> None:
    rendered = render_markdown("## 按天计算\n\n### 例\n\n## 支払い方法\n\n## Main\n\n## Main", locale="ja")

    assert [heading.id for heading in rendered.toc] == ["按天计算", "支払い方法", "section-main", "section-main_1"]
    assert rendered.headings[:2] == ["按天计算", "例"]
    assert '<h2 id="按天计算">' in rendered.html


def test_the_title_is_not_repeated_and_headings_begin_at_two() -> None:
    html = html_of("# Title\n\ntext\n\n# Another\n\n<h1>raw</h1>")

    assert "Title" not in html
    assert "<h2" in html
    assert "<h1" not in html


def test_bold_works_between_chinese_characters() -> None:
    assert "<strong>发票</strong>" in html_of("请打开**发票**页面")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "| a | b |\n|---|---|\n| 1 | 2 |",
            '<div class="table-scroll" role="group" tabindex="0" aria-label="Table"><table>',
        ),
        ('!!! warning "Stop"\n    Now.', '<div class="admonition warning">'),
        ("Term\n:   Meaning", "<dt>Term</dt>"),
        ("- [x] done\n- [ ] open", '<span class="task task-done" role="img" aria-label="done">☑</span>'),
        ("A[^1]\n\n[^1]: Note", 'class="footnote-ref"'),
        ("```python\nx = 1\n```", '<span class="n">x</span>'),
        ("~~old~~", "<del>old</del>"),
    ],
)
def test_what_articles_need_is_there(text: str, expected: str) -> None:
    assert expected in html_of(text)


def test_ids_are_given_once() -> None:
    html = html_of('<p id="a">1</p>\n\n<p id="a">2</p>\n\n<p id="main">3</p>')

    assert html.count('id="a"') == 1
    assert 'id="main"' not in html


def test_messages_keep_their_line_ends() -> None:
    html = str(render_markdown("one\ntwo", profile=Profile.MESSAGE).html)

    assert "one<br>\ntwo" in html


def test_plain_text_has_no_markup_and_no_gaps_in_chinese() -> None:
    assert plain_text("## 标题\n\n请看[发票](../x/)和**金额**。") == "标题 请看发票和金额。"


def test_titles_are_filled_in() -> None:
    assert fill("Within {{ a.days }} days", {"a.days": "60"}) == "Within 60 days"
