"""Markdown to plain text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.search.plain import from_markdown

TEXT = """# <a name="x"></a>Pay an *invoice*

See [the **guide**](guide.md "title") and ![a picture](p.png){.wide}.

!!! warning "Mind the date"
    1. Pay within `30` days &amp; keep the receipt.

| Stage | Day |
|---|---:|
| Notice | 5 |

<!-- hidden --><script>alert(1)</script>
```python
code = 1
```
"""


def test_headings_and_text_come_without_markup() -> None:
    plain = from_markdown(TEXT)

    assert plain.headings == ("Pay an invoice",)
    assert plain.body.splitlines() == [
        "See the guide and a picture.",
        '"Mind the date"',
        "Pay within 30 days & keep the receipt.",
        "Stage Day",
        "Notice 5",
        "code = 1",
    ]


@given(st.text(alphabet="<>![]()#*_|`~{}:-a \n", max_size=400))
def test_any_text_is_read_quickly(text: str) -> None:
    from_markdown(text * 10)
