"""The page driven in a real browser: script, policy, filters, paging, print, narrow screens, hostile texts."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from judgeaudit.model import Audit
from judgeaudit.report import html

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Open a report; every console message, error and request to anywhere but the file itself fails the test."""
    heard: list[str] = []
    pages: list[Page] = []

    def open_page(text: str, **context: Any) -> Page:
        place = tmp_path / "report.html"
        place.write_text(text, encoding="utf-8")
        page = browser.new_page(**context)
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("dialog", lambda dialog: heard.append(dialog.message))
        page.on("request", lambda request: heard.append(request.url) if request.url != place.as_uri() else None)
        page.goto(place.as_uri())
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert heard == []


def cards(page: Page) -> int:
    return page.locator("#list > li").count()


def test_searching_and_filtering_narrow_the_list_and_say_how_many(
    opened: Callable[..., Page], audit: Audit, items: list[dict[str, Any]]
) -> None:
    page = opened(html.render(audit, items=items))
    assert page.locator("#controls").is_visible()
    assert cards(page) == 20
    assert page.locator("#status").inner_text() == f"{len(items)} outputs"

    page.fill("#q", "sprout 61.")
    page.get_by_text(f" of {len(items)} outputs").wait_for()
    wanted = [i for i in items if i["verdicts"]["small-llm"]["rationale"] == "Because of sprout 61."]
    assert cards(page) == len(wanted) > 0

    page.fill("#q", "")
    page.get_by_text(f"{len(items)} outputs", exact=True).wait_for()
    page.select_option("#f-judge", "guard")
    page.select_option("#f-direction", "over")
    page.select_option("#f-mode", "word salad")
    over = [
        i
        for i in items
        if "guard" in i["wrong"] and i["verdicts"]["guard"]["verdict"] == "1" and i["modes"] == ["word_salad"]
    ]
    assert page.locator("#status").inner_text() == f"{len(over)} of {len(items)} outputs"
    assert cards(page) == len(over) > 0
    page.select_option("#f-slice", "model: tune-1")
    assert cards(page) == len([i for i in over if i["model"] == "tune-1"])


def test_an_output_named_by_a_finding_is_found_by_a_click(
    opened: Callable[..., Page], audit: Audit, items: list[dict[str, Any]]
) -> None:
    page = opened(html.render(audit, items=items))
    there = {i["item_id"] for i in items}
    named = [i for i in audit.findings[1].output_ids[:12] if i in there]
    assert page.locator(".ids button").all_inner_texts() == named
    page.locator(".ids button").first.click()
    assert page.locator("#list > li code").all_inner_texts() == [named[0]]


def test_texts_enter_the_page_only_when_opened(
    opened: Callable[..., Page], audit: Audit, items: list[dict[str, Any]]
) -> None:
    page = opened(html.render(audit, items=items))
    assert page.locator("#list pre").count() == 0
    page.select_option("#f-mode", "=coherent")
    card = page.locator("#list > li").first
    card.get_by_text("Response,").click()
    pre = card.locator("pre")
    assert "Water the fern" in pre.inner_text()
    assert pre.evaluate("node => getComputedStyle(node).whiteSpace") == "pre-wrap"
    page.check("#white")
    card.get_by_text("Response,").click()
    assert "Water·the·fern" in card.locator("pre").inner_text()


def test_hostile_texts_do_nothing_when_opened(
    opened: Callable[..., Page], audit: Audit, items: list[dict[str, Any]], hostile: str
) -> None:
    page = opened(html.render(audit, items=items))
    card = page.locator("#list > li").first
    for summary in card.locator("summary").all():
        summary.click()
    card.locator("pre").nth(3).wait_for()
    seen = card.locator("pre").first.inner_text()
    assert seen == hostile.replace("\u2028", "\\u2028").replace("\u202e", "\\u202e").replace("\ud835", "\\ud835")
    assert page.title().startswith("embedded-example")
    assert page.locator("#list img, #list script").count() == 0


def test_ten_thousand_items_are_paged_quickly(
    opened: Callable[..., Page], audit: Audit, many_items: Callable[[int], list[dict[str, Any]]]
) -> None:
    page = opened(html.render(audit, items=many_items(10_000)))
    assert page.locator("#status").inner_text() == "10,000 outputs"
    assert page.locator("#page").inner_text() == "page 1 of 500"
    page.click("#next")
    assert page.locator("#page").inner_text() == "page 2 of 500"
    took = page.evaluate(
        """async () => {
            const q = document.getElementById('q'), start = performance.now();
            q.value = 'n00042'; q.dispatchEvent(new Event('input'));
            while (!document.getElementById('status').textContent.includes(' of ')) await new Promise(r => setTimeout(r, 5));
            return performance.now() - start;
        }"""
    )
    assert cards(page) == 1
    assert took < 3000


def test_the_page_is_readable_without_script(
    browser: Browser, audit: Audit, items: list[dict[str, Any]], tmp_path: Path
) -> None:
    place = tmp_path / "report.html"
    place.write_text(html.render(audit, items=items), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(place.as_uri())
    assert page.locator("#list > li").count() == 10
    assert not page.locator("#controls").is_visible()
    assert page.locator(".box .lines li").first.is_visible()
    assert page.get_by_text("of 155; searching and paging need the page's own script").is_visible()
    card = page.locator("#list > li").nth(1)
    assert not card.locator("pre").first.is_visible()
    card.locator("summary").first.click()
    assert card.locator("pre").first.is_visible()
    context.close()


def test_a_narrow_page_never_scrolls_sideways_only_its_tables_do(
    opened: Callable[..., Page], audit: Audit, items: list[dict[str, Any]]
) -> None:
    long = [
        {**i, "verdicts": {f"{j}-with-a-very-long-name-indeed": v for j, v in i["verdicts"].items()}}
        for i in items[1:4]
    ]
    page = opened(html.render(audit, items=[*long, *items]), viewport={"width": 360, "height": 740})
    for part in page.locator("details").all():
        part.evaluate("node => { node.open = true; }")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator(".scroll").first.evaluate("node => node.scrollWidth > node.clientWidth")
    first = page.locator(".grid tbody th.stick").first
    before = first.bounding_box()
    page.locator(".scroll").first.evaluate("node => { node.scrollLeft = 150; }")
    after = first.bounding_box()
    assert before is not None
    assert after is not None
    assert before["x"] == after["x"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_keeps_its_contrast_in_light_and_dark(
    opened: Callable[..., Page], audit: Audit, items: list[dict[str, Any]], scheme: str
) -> None:
    page = opened(html.render(audit, items=items), color_scheme=scheme)
    worst = page.evaluate(
        """() => {
            const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
            const paint = colours => {
                canvas.clearRect(0, 0, 1, 1);
                for (const c of colours) { canvas.fillStyle = c; canvas.fillRect(0, 0, 1, 1); }
                return [...canvas.getImageData(0, 0, 1, 1).data]; };
            const linear = v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
            const light = rgb => { const [r, g, b] = rgb.map(v => linear(v / 255));
                return .2126 * r + .7152 * g + .0722 * b; };
            let worst = 99, where = '';
            for (const node of document.querySelectorAll('main *, header *, svg text')) {
                const says = [...node.childNodes].some(c => c.nodeType === 3 && c.textContent.trim());
                if (!says || !node.getClientRects().length) continue;
                const back = [];
                for (let n = node; n; n = n.parentElement) back.unshift(getComputedStyle(n).backgroundColor);
                const style = getComputedStyle(node), front = node instanceof SVGElement ? style.fill : style.color;
                const a = light(paint(back)), b = light(paint([...back, front]));
                const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
                if (ratio < worst) { worst = ratio; where = node.outerHTML.slice(0, 120); }
            }
            return [worst, where];
        }"""
    )
    assert worst[0] >= 4.5, worst


def test_print_is_light_opens_sections_and_leaves_the_browser_out(
    opened: Callable[..., Page], audit: Audit, items: list[dict[str, Any]]
) -> None:
    page = opened(html.render(audit, items=items), color_scheme="dark")
    dark = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--surface').trim()")
    page.emulate_media(media="print", color_scheme="dark")
    assert dark != "#ffffff"
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--surface').trim()") == "#ffffff"
    assert not page.locator("#disagreements").is_visible()
    assert page.locator("details.part").count() > 3
    assert page.locator("details.part:not([open]) td").first.evaluate(
        "node => node.checkVisibility({contentVisibilityAuto: true})"
    )


def test_every_control_is_reached_by_the_keyboard(
    opened: Callable[..., Page], audit: Audit, items: list[dict[str, Any]]
) -> None:
    page = opened(html.render(audit, items=items))
    page.focus("#q")
    reached = []
    for _ in range(7):
        reached.append(page.evaluate("document.activeElement.id"))
        page.keyboard.press("Tab")
    assert reached[:6] == ["q", "f-judge", "f-direction", "f-mode", "f-slice", "white"]
    assert page.evaluate(
        "[...document.querySelectorAll('.scroll')].every(n => n.tabIndex === 0 && n.getAttribute('aria-label'))"
    )


def test_a_cell_leads_to_its_own_outputs_by_mouse_and_by_keyboard(
    opened: Callable[..., Page], audit: Audit, items: list[dict[str, Any]]
) -> None:
    page = opened(html.render(audit, items=items))
    for direction, verdict in (("over", "1"), ("under", "0")):
        page.fill("#q", "nothing has this text")
        link = page.locator(f'a.eg[data-judge="guard"][data-mode="word salad"][data-direction="{direction}"]').first
        if direction == "over":
            # The whole cell is the link, not its figure alone.
            page.locator("td.fig", has=link).click(position={"x": 4, "y": 4})
        else:
            link.focus()
            page.keyboard.press("Enter")
        wanted = [
            i
            for i in items
            if "guard" in i["wrong"] and i["verdicts"]["guard"]["verdict"] == verdict and i["modes"] == ["word_salad"]
        ]
        assert page.locator("#status").inner_text() == f"{len(wanted)} of {len(items)} outputs"
        assert set(page.locator("#list > li .item-head code").all_inner_texts()) == {i["item_id"] for i in wanted}
        assert page.locator("#disagreements-h").evaluate("node => node.getBoundingClientRect().top < innerHeight")
    page.locator("#list > li").first.get_by_text("Response,").click()
    assert page.locator("#list pre").inner_text().startswith("the the the")


def test_without_an_example_the_browser_says_so(
    opened: Callable[..., Page], audit: Audit, items: list[dict[str, Any]]
) -> None:
    page = opened(html.render(audit, items=items))
    page.fill("#q", "nothing has this text")
    page.get_by_text("no example in this file: 0 of").wait_for()
    assert cards(page) == 0


def test_a_cell_leads_to_the_list_without_script(
    browser: Browser, audit: Audit, items: list[dict[str, Any]], tmp_path: Path
) -> None:
    place = tmp_path / "report.html"
    place.write_text(html.render(audit, items=items), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(place.as_uri())
    page.locator("a.eg").first.click()
    assert page.url.endswith("#disagreements")
    assert page.locator("#list > li").first.is_visible()
    context.close()


def test_on_paper_no_table_is_cut_and_every_drawn_curve_stays_in_its_tile(
    opened: Callable[..., Page], audit: Audit, items: list[dict[str, Any]]
) -> None:
    from judgeaudit.probing._planted import planted
    from judgeaudit.probing._self_test import run
    from judgeaudit.report import _stress

    content = run([one for one in planted(0) if one.judge.name == "calls loops harmful"], 0, draws=100)
    for text in (html.render(audit, items=items), _stress.render_html(content)):
        # A4 less its margins of 9 mm: 192 mm at 96 dots an inch.
        page = opened(text, viewport={"width": 725, "height": 1000})
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        for part in page.locator("details.part").all():
            part.evaluate("node => { node.open = true; }")
        cut = page.evaluate(
            """() => [...document.querySelectorAll('table, svg')].filter((n) => n.checkVisibility()).map((n) => {
                const box = n.closest('.scroll, .draw') ?? document.body;
                return [n.getBoundingClientRect().right - box.getBoundingClientRect().right, n.textContent.slice(0, 60)];
            }).filter(([over]) => over > 1.5)"""
        )
        assert cut == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 725
