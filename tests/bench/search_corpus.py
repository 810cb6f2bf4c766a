"""Known-item questions made from a folder of Markdown articles, and the documents to find.

The folder is `<corpus>/<locale>/<name>.md` (or `<corpus>/<name>/<locale>.md`). Questions are of six
kinds: title, description (not indexed), words of a heading, words of a sentence, titles with typos
(English), two-character words (Chinese, Japanese). They are split in halves, tune and test, by hash.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import frontmatter

from helpdesk.search.contracts import LOCALES, SearchDocument
from helpdesk.search.plain import from_markdown

NOW = datetime(2026, 11, 24, tzinfo=UTC)
_SENTENCE = re.compile(r"[.!?。！？\n]+")
_HAN = re.compile(r"[\u4e00-\u9fff]{2}")


def folders() -> list[Path]:
    """HELPDESK_CORPUS, or the articles of the product."""
    named = os.environ.get("HELPDESK_CORPUS", "")
    return [Path(part) for part in named.split(os.pathsep) if part] or [Path(__file__).parents[2] / "kb"]


@dataclass(frozen=True)
class Item:
    """A document and its description, which stays out of the index."""

    document: SearchDocument
    description: str


def load(folders: list[Path], *, sections: bool = False) -> list[Item]:
    """All articles of `folders`; with `sections` every section of theirs is a document of its own."""
    items: list[Item] = []
    for folder in folders:
        for path in sorted(folder.rglob("*.md")):
            locale = next((part for part in (path.parent.name, path.stem) if part in LOCALES), None)
            if locale:
                name = path.parent.name if path.stem == locale else path.stem
                post = frontmatter.loads(path.read_text(encoding="utf-8-sig"))
                items += _sections(post, name, locale) if sections else [_article(post, name, locale)]
    return [
        replace(item, document=replace(item.document, object_id=number, updated_at=NOW - timedelta(hours=number)))
        for number, item in enumerate(items, 1)
    ]


def _article(post: Any, name: str, locale: str) -> Item:
    text = from_markdown(post.content)
    title = str(post.get("title") or text.headings[0])
    description = str(post.get("summary") or post.get("description") or "")
    return Item(_document(name, locale, title, text.headings, text.body), description)


def _sections(post: Any, name: str, locale: str) -> Iterator[Item]:
    pieces = re.split(r"^(#{1,3}\s.*)$", f"# {post.get('title')}\n{post.content}", flags=re.MULTILINE)
    for number in range(1, len(pieces) - 1, 2):
        head = from_markdown(pieces[number]).headings
        text = from_markdown(pieces[number + 1])
        if head and len(text.body) > 150:
            first = _SENTENCE.split(text.body)[0]
            yield Item(_document(f"{name}-{number}", locale, head[0], text.headings, text.body[len(first) :]), first)


def _document(name: str, locale: str, title: str, headings: tuple[str, ...], body: str) -> SearchDocument:
    return SearchDocument(
        kind="article",
        object_id=0,
        locale=locale,
        audience="public",
        slug=name,
        title=title[:300],
        url=f"/{locale}/{name}",
        headings=tuple(heading for heading in headings if heading != title),
        body=body,
        updated_at=NOW,
    )


def grown(items: list[Item], number: int) -> list[Item]:
    """`number` documents: variations of the articles, their sentences mixed, their titles numbered."""
    chance = random.Random(7)
    bodies = {
        locale: [s for i in items if i.document.locale == locale for s in i.document.body.splitlines()]
        for locale in LOCALES
    }
    found = list(items)
    while len(found) < number:
        model = items[len(found) % len(items)].document
        lines = model.body.splitlines()
        mixed = chance.sample(lines, max(1, len(lines) * 2 // 3)) + chance.choices(
            bodies[model.locale], k=max(4, len(lines) // 3)
        )
        title = f"{model.title} {len(found)}"
        found.append(
            Item(
                replace(model, object_id=len(found) + 1, slug=f"v{len(found)}", title=title, body="\n".join(mixed)), ""
            )
        )
    return found


def questions(items: list[Item], among: list[Item] | None = None) -> list[dict[str, Any]]:
    """Rows for `helpdesk search evaluate`, reproducible; `among` is the corpus grown, where more titles hold a word."""
    rows: list[dict[str, Any]] = []
    for item in items:
        seed = hashlib.sha256(f"{item.document.slug}/{item.document.locale}".encode()).hexdigest()
        rows += _questions(item, random.Random(seed))
    return _merged([*rows, *_two_characters(items, among or items)])


def _questions(item: Item, chance: random.Random) -> Iterator[dict[str, Any]]:
    document = item.document

    def row(kind: str, query: str) -> dict[str, Any]:
        return {"query": query, "locale": document.locale, "expected": [document.slug], "kind": kind}

    yield row("title", document.title)
    if item.description:
        yield row("description", item.description)
    for heading in document.headings:
        if query := _some(heading, document.locale, chance, 3, 6):
            yield row("heading", query)
    sentences = [s.strip() for s in _SENTENCE.split(document.body) if len(s.strip()) > 25]
    for sentence in chance.sample(sentences, min(3, len(sentences))):
        if query := _some(sentence, document.locale, chance, 4, 10):
            yield row("sentence", query)
    if document.locale == "en":
        yield row("typo", _misspelt(document.title, chance))


def _some(text: str, locale: str, chance: random.Random, words: int, characters: int) -> str:
    if locale == "en":
        parts = text.split()
        start = chance.randrange(max(1, len(parts) - words + 1))
        return " ".join(parts[start : start + words])
    start = chance.randrange(max(1, len(text) - characters + 1))
    return text[start : start + characters].strip()


def _misspelt(title: str, chance: random.Random) -> str:
    words = title.split()
    long = [n for n, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
    for n in chance.sample(long, min(len(long), chance.choice((1, 2)))):
        words[n] = _typo(words[n], chance)
    return " ".join(words)


def _typo(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    kind = chance.randrange(4)
    letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
    if kind == 0:
        return word[:place] + word[place + 1 :]
    if kind == 1:
        return word[:place] + letter + word[place:]
    if kind == 2:
        return word[:place] + letter + word[place + 1 :]
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _two_characters(items: list[Item], among: list[Item]) -> Iterator[dict[str, Any]]:
    for locale in ("zh-Hans", "ja"):
        own = [item.document.title for item in items if item.document.locale == locale]
        titles = [(item.document.slug, item.document.title) for item in among if item.document.locale == locale]
        for word in sorted({pair for title in own for pair in _HAN.findall(title)}):
            expected = sorted(slug for slug, title in titles if word in title)
            yield {"query": word, "locale": locale, "expected": expected, "kind": "two"}


def _merged(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same question of several documents is answered by any of them."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in rows:
        key = (row["kind"], row["locale"], row["query"].lower())
        if key in found:
            found[key]["expected"] = sorted({*found[key]["expected"], *row["expected"]})
        else:
            found[key] = row
    return list(found.values())


def half(rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """The tune or the test half."""
    return [row for row in rows if (hashlib.sha256(row["query"].encode()).digest()[0] % 2 == 0) == (name == "tune")]
