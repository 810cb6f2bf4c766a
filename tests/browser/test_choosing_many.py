"""The bar that changes many tickets, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor

Open = Callable[..., Visitor]


def test_the_bar_for_many_tickets_is_there_while_some_are_chosen(visit: Open) -> None:
    tom = visit()
    page = tom.sign_in("tom.becker@partner.example")
    page.goto(tom.url + "/work/queue?view=all")
    bar = page.locator("[data-bulk]")
    expect(bar).to_be_hidden()

    page.locator("input[name=t]").first.check()
    expect(bar).to_be_in_viewport()
    expect(bar.locator("[data-chosen]")).to_have_text("(1)")

    page.locator("input[name=t]").first.uncheck()
    expect(bar).to_be_hidden()


def test_the_bar_for_many_articles_is_there_while_some_are_chosen(visit: Open) -> None:
    emma = visit()
    page = emma.sign_in("emma.jones@partner.example")
    page.goto(emma.url + "/work/articles/")
    bar = page.locator("[data-bulk]")
    expect(bar).to_be_hidden()

    page.locator("input[name=slug]").nth(1).check()
    expect(bar).to_be_in_viewport()
    expect(bar.locator("[data-chosen]")).to_have_text("(1)")


def test_without_scripts_the_bar_is_always_there(visit: Open) -> None:
    tom = visit(scripts=False)
    page = tom.sign_in("tom.becker@partner.example")
    page.goto(tom.url + "/work/queue?view=all")

    expect(page.locator("[data-bulk]")).to_be_visible()


def test_the_filter_button_stands_in_line_with_the_filters(visit: Open) -> None:
    tom = visit()
    page = tom.sign_in("tom.becker@partner.example")
    page.goto(tom.url + "/work/queue?view=all")

    field, button = (
        page.locator("#sort").bounding_box(),
        page.locator(".filters button[type=submit]").first.bounding_box(),
    )
    assert field is not None
    assert button is not None
    assert abs(field["y"] + field["height"] - button["y"] - button["height"]) < 2


@pytest.mark.parametrize("width", [360, 1280])
def test_what_is_chosen_in_the_filters_can_be_read_whole(visit: Open, width: int) -> None:
    tom = visit(width=width)
    page = tom.sign_in("tom.becker@partner.example")
    page.goto(tom.url + "/work/queue?view=all&state=waiting_customer&topic=fapiao&sort=updated")

    cut = page.evaluate(
        """() => [...document.querySelectorAll(".filters select")].filter((select) => {
          const style = getComputedStyle(select), canvas = document.createElement("canvas").getContext("2d");
          if (!select.offsetParent) return false;
          canvas.font = style.font;
          const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
          return canvas.measureText(select.selectedOptions[0].text).width > room + 1;
        }).map((select) => select.name)"""
    )

    assert cut == []
