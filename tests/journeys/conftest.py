"""Browsers, and a town for them to visit."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.journeys.town import MailServer, Town, mail_server, new_town

AXE = Path("assets/node_modules/axe-core/axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
JUDGE = "rules => axe.run({runOnly: rules, resultTypes: ['violations']})"
# What axe judges a page by, but for its words: its tags, their classes and what else they are.
SHAPE = """() => [innerWidth, ...Array.from(document.querySelectorAll("*"), each =>
  each.tagName + Array.from(each.attributes, ({name, value}) =>
    ["class", "role", "type", "lang", "for", "aria-describedby"].includes(name)
      ? `${name}=${value}` : name).join(" "))].join("\\n")"""
CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory, mail: MailServer) -> Iterator[Town]:
    with new_town(tmp_path_factory.mktemp("town"), smtp=mail.url) as made:
        made.start_worker()
        made.start_web()
        yield made
        failing = made.rows(
            "SELECT handler, last_error FROM machinery_delivery WHERE delivered_at IS NULL "
            "UNION ALL SELECT task_name, status::text FROM procrastinate_jobs WHERE attempts > 0"
        )
        print("what the town could not do:", failing)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


judged: set[str] = set()  # the shapes that axe found nothing wrong with


class Visitor:
    """One person at a browser; every page they come to is looked at with axe."""

    def __init__(self, context: BrowserContext, town: Town) -> None:
        self.town = town
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self._hear(said.type, said.text))

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text:
            self.complaints.append(text)  # a script that failed, or what the CSP forbade

    def go(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.town.url + path)
        self.look()

    def press(self, name: str) -> None:
        """Press a button, or a link that looks like one, and look at the page that comes."""
        target = self.page.get_by_role("button", name=name, exact=True)
        if target.count() == 0:
            target = self.page.get_by_role("link", name=name, exact=True)
        target.first.click()
        self.page.wait_for_load_state()
        self.look()

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=False).first.fill(value)

    def choose(self, label: str) -> None:
        self.page.get_by_label(label, exact=False).first.check()

    def sees(self, text: str) -> None:
        body = self.page.inner_text("body")
        assert text in body, f"{self.page.url} does not say {text!r}:\n{body}"

    def look(self) -> None:
        """No page may break WCAG 2.2 AA as far as axe can tell, scroll sideways or log an error."""
        shape = re.sub(r"[0-9a-f-]{36}", "", self.page.evaluate(SHAPE))
        if shape not in judged:
            self.page.evaluate(AXE.read_text())
            found = self.page.evaluate(JUDGE, RULES)["violations"]
            told = [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found]
            assert not told, f"{self.page.url}: {told}"
            judged.add(shape)
        width = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, f"{self.page.url} is {width} pixels too wide"
        assert not self.complaints, f"{self.page.url}: {self.complaints}"

    def be(self, player: str) -> None:
        """Sign in through the demo's panel."""
        self.go("/")
        self.page.locator(f'form[action="/demo/be/{player}/"] button').click()
        self.page.wait_for_load_state()
        self.look()


@pytest.fixture
def visitor(chromium: Browser, town: Town) -> Iterator[Callable[..., Visitor]]:
    """Call it for each person: `visitor()`; `width` is that of their screen."""
    contexts: list[BrowserContext] = []

    def arrive(*, width: int = 1000, scripts: bool = True) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=scripts
        )
        contexts.append(context)
        return Visitor(context, town)

    yield arrive
    for context in contexts:
        context.close()
