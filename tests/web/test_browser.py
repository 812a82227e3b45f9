"""The pages in a real browser: what is in them, and whether one can read them.

``MILENA_SCREENSHOTS=DIR`` keeps the pictures there.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser, browsing, program
from scenario import Scenario
from serving import Server

PAGES = {
    "front": "/",
    "charts": "/-/charts?window=all",
    "week": "/-/charts",
    "games": "/games/games",
    "story": "/audit/story?game=GAME",
    "top": "/leaderboard/top",
    "audit": "/audit/entries",
    "model": "/leaderboard",
    "rating": "/-/rating?player=1",
    "error": "/leaderboard/nothing",
}
NARROW, WIDE = (390, 844), (1280, 900)

CONTRAST = """
(() => {
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(part => part / 255)
      .map(part => part <= .03928 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4)
      .reduce((sum, part, place) => sum + part * [.2126, .7152, .0722][place], 0);
  const behind = element => {
    for (let each = element; each; each = each.parentElement) {
      const colour = parse(getComputedStyle(each).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (!own && element.tagName !== 'INPUT' || !element.getClientRects().length) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) faint.push(`${element.tagName} ${element.textContent.trim()} ${ratio.toFixed(2)}`);
  }
  return faint;
})()
"""
UNNAMED = """
[...document.querySelectorAll(
    'a, input:not([type=hidden]), select, textarea, summary, [role=img], img:not([alt])')]
  .filter(each => !(each.innerText || each.value || each.labels?.length || each.getAttribute('aria-label')
      || each.querySelector('title')))
  .map(each => each.outerHTML)
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    chromium = program()
    if chromium is None:
        missing = "no Chromium is installed, and the pages are tested in one: apt-get install chromium"
        if os.environ.get("CI") or os.environ.get("MILENA_BROWSER") == "required":
            pytest.fail(missing)
        pytest.skip(missing)
    with browsing(chromium, tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kept = os.environ.get("MILENA_SCREENSHOTS")
    path = Path(kept) if kept else tmp_path_factory.mktemp("pictures")
    path.mkdir(parents=True, exist_ok=True)
    return path


def url(server: Server, path: str) -> str:
    return server.url.rstrip("/") + path


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["phone", "desktop"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_page_can_be_read_everywhere(
    browser: Browser,
    server: Server,
    played: Scenario,
    pictures: Path,
    page: str,
    size: tuple[int, int],
    dark: bool,
) -> None:
    browser.look_like(*size, dark=dark)
    browser.problems.clear()
    browser.asked.clear()
    browser.open(url(server, PAGES[page].replace("GAME", played.won)))  # type: ignore[attr-defined]
    name = f"{page}-{size[0]}-{'dark' if dark else 'light'}.png"
    assert browser.screenshot(pictures / name).startswith(b"\x89PNG")

    expected = 1 if page == "error" else 0  # that it is not there
    assert len(browser.problems) == expected, browser.problems
    assert {address.startswith(server.url) for address in browser.asked} == {True}, browser.asked
    assert browser.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert browser.evaluate(CONTRAST) == []
    assert browser.evaluate(UNNAMED) == []
    assert browser.evaluate("document.documentElement.lang") == "en"
    assert len(browser.texts("h1")) == 1
    assert len(browser.texts("script")) == 0


def test_the_front_page_leads_to_the_leaderboard(browser: Browser, server: Server) -> None:
    browser.look_like(*WIDE)
    browser.open(server.url)
    assert "What happened here" in browser.text("h1")
    assert {"Leaderboard", "Audit"} <= set(browser.texts(".card h2"))
    assert set(browser.texts(".state.busy")) == set()
    assert "All guilds are shown: these pages are for operators." in browser.text("footer")
    browser.click('.card a[href="/leaderboard/top"]')
    assert browser.text("h1") == "Who is ahead"
    assert browser.texts("thead th")[:3] == ["rank", "player", "score"]


def test_a_question_is_asked_with_what_was_typed(browser: Browser, server: Server, played: Scenario) -> None:
    browser.open(url(server, "/leaderboard/top"))
    everybody = browser.texts("td.col-player")
    browser.evaluate("document.querySelector('[name=kind]').value = 'tictactoe'")
    browser.click(".fields input[type=submit]")
    assert "kind=tictactoe" in browser.evaluate("location.search")
    some = browser.texts("td.col-player")
    assert some
    assert set(some) <= set(everybody)
    browser.evaluate("document.querySelector('[name=since]').value = 'last tuesday or so'")
    browser.click(".fields input[type=submit]")
    assert "is no date, and was left out" in browser.text(".note")


def test_a_name_that_would_be_html_is_a_name(browser: Browser, server: Server, played: Scenario) -> None:
    browser.open(url(server, "/leaderboard/top"))
    assert '<b>Eve</b> & "Co"' in browser.texts("td.col-player")
    browser.open(url(server, f"/audit/entries?player={played.eve}"))  # type: ignore[attr-defined]
    assert set(browser.texts("td.col-player")) == {'<b>Eve</b> & "Co"'}
    assert browser.evaluate("document.querySelectorAll('main b').length") == 0


def test_the_audit_table_counts_and_filters(browser: Browser, server: Server, played: Scenario) -> None:
    browser.open(url(server, "/audit/entries"))
    refused = sum(1 for called in played.called if called.verdict == "refused")
    facets = browser.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.facet li:has(.count)')]"
        ".map(each => [each.querySelector('a, strong').innerText, each.querySelector('.count').innerText]))"
    )
    assert facets["refused"] == str(refused)
    browser.click('.facet a[href*="verdict=refused"]')
    assert f"{refused} rows" in browser.text(".about-rows")
    assert browser.evaluate("document.querySelectorAll('tbody tr').length") == min(50, refused)
    assert "2026-01-0" in browser.texts("td.col-time")[0]


def test_the_charts_show_what_was_called(browser: Browser, server: Server, played: Scenario) -> None:
    browser.look_like(*WIDE)
    browser.open(url(server, "/-/charts?window=all"))
    verdicts = Counter(called.verdict for called in played.called)
    said = browser.text("#commands figcaption")
    assert f"{len(played.called):,} were called" in said
    assert f"{verdicts['refused']:,} of them refused, and {verdicts['failed']:,} failed" in said
    drawn = browser.evaluate(
        "[...document.querySelectorAll('#commands rect')].map(each => each.getBoundingClientRect().height)"
    )
    assert len(drawn) >= 4
    assert min(drawn) > 0
    described = browser.evaluate("document.querySelector('#commands svg desc').textContent")
    assert described.startswith(f"{len(played.called):,} commands;")
    codes = Counter(called.code.replace("_", " ") for called in played.called if called.code)
    numbers = map(int, browser.texts("#refusals .number")[1:])
    shown = dict(zip(browser.texts("#refusals tbody th"), numbers, strict=True))
    assert shown.items() <= codes.items()
    assert sum(shown.values()) == sum(times for _, times in codes.most_common(12))
    assert "move" in browser.texts("#latency tbody th")
    assert browser.evaluate("document.querySelectorAll('#people rect').length") >= 1
    assert "at most 8." in browser.text("#people figcaption")  # six people, Eve and Ann
    browser.click('.windows a[href$="week"]')
    assert "7 days" in browser.text(".windows strong")


def test_a_rating_is_a_line_with_words(browser: Browser, server: Server) -> None:
    browser.open(url(server, "/-/rating?player=1"))
    assert "rated game" in browser.text("figcaption")
    assert browser.evaluate("document.querySelectorAll('path.line').length") >= 1
    assert "in " in browser.evaluate("document.querySelector('svg desc').textContent")


def test_players_and_games_lead_to_their_own_pages(
    browser: Browser, server: Server, played: Scenario
) -> None:
    browser.open(url(server, "/games/games"))
    assert '<b>Eve</b> & "Co", Ann' in browser.texts("td.col-players")
    browser.open(url(server, f"/leaderboard/results?game={played.won}"))  # type: ignore[attr-defined]
    browser.click("td.col-game a")
    assert browser.text("h1") == "The story of one game"
    browser.click("td.col-player a")
    assert browser.text("h1") == "A player's record"
    assert "tictactoe" in browser.texts("td.col-kind")


def test_columns_are_described(browser: Browser, server: Server) -> None:
    browser.open(url(server, "/leaderboard/results"))
    browser.evaluate("document.querySelector('details.columns').open = true")
    assert "what was played, such as tictactoe" in browser.text("details.columns")
    assert "A voided game has no row here." in browser.text(".lead")
