"""The portal over the sample world, and a real browser to open it with."""

import os
import re
import subprocess
from contextlib import contextmanager
from urllib.parse import urldefrag, urljoin, urlsplit

import yaml
from playwright.sync_api import sync_playwright

from server import BINARY, PROJECT, START_SECONDS_MAX, STOP_SECONDS_MAX, free_ports

CHROMIUM = "/usr/bin/chromium"
AXE = PROJECT / "tests" / "clients" / "javascript" / "node_modules" / "axe-core" / "axe.min.js"
# Of pages as they were when the tests last ran; to be looked at, never committed.
SCREENSHOTS = PROJECT / "target" / "screenshots"
SAMPLE = PROJECT / "crates" / "fyr" / "worlds" / "sample.yaml"

DESKTOP = {"width": 1360, "height": 860}
PHONE = {"width": 390, "height": 844}

# No background traffic: nothing answers it here.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# All that can be clicked and is to be seen; answers how often Tab has to be pressed to come to each.
# Of radio buttons with one name, Tab comes to one.
NUMBER_ALL = """() => {
  const all = "a[href], button, input, select, textarea, summary, [tabindex], [onclick]";
  const seen = [...document.querySelectorAll(all)]
    .filter(it => it.id !== "main" && !it.disabled && it.ariaHidden !== "true")
    .filter(it => it.type !== "hidden")
    .filter(it => it.checkVisibility({visibilityProperty: true}));
  seen.filter(it => it.type !== "radio").forEach(it => { it.dataset.reached = "no"; });
  document.addEventListener("focusin", event => { event.target.dataset.reached = "yes"; });
  document.activeElement?.blur();
  getSelection().removeAllRanges();
  return seen.length + 8 * seen.filter(it => it.type === "datetime-local").length;
}"""
NOT_REACHED = """() => [...document.querySelectorAll("[data-reached=no]")]
  .map(it => it.outerHTML.slice(0, 160))"""


def passwords(world):
    """What a world's people sign in with, by their sign-in names."""
    found = {}
    for tenant in yaml.safe_load(world.read_text())["tenants"]:
        for user in tenant.get("users", []):
            found[f"{user['name']}@{tenant['domain']}"] = user["password"]
    return found


class Portal:
    """One `fyr up` with the sample world, or another. It trusts whom `trusted` names when it calls
    others.
    """

    def __init__(self, folder, trusted=None, world=None):
        arm, graph, portal = free_ports(3)
        self.arm, self.graph = f"https://localhost:{arm}", f"https://localhost:{graph}"
        self.origin = f"https://localhost:{portal}"
        self.data, self.log = folder / "data", folder / "fyr.log"
        command = [BINARY, "up", "--data", self.data]
        command += ["--listen", f"127.0.0.1:{arm}", "--listen-graph", f"127.0.0.1:{graph}"]
        command += ["--listen-portal", f"127.0.0.1:{portal}", "--leave-443", "--wait"]
        command += ["--world", world] if world else []
        environment = os.environ | ({"SSL_CERT_FILE": str(trusted)} if trusted else {})
        # `--wait` returns once the server answers, and leaves it running.
        with self.log.open("wb") as log:
            subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                timeout=START_SECONDS_MAX, check=True, env=environment,
            )
        self.passwords = passwords(world or SAMPLE)

    def stop(self):
        said = self.log.read_text() + "".join(it.read_text() for it in self.data.glob("fyr.out"))
        for process in set(re.findall(r"`kill (\d+)`", said)):
            subprocess.run(["kill", process], check=True, timeout=STOP_SECONDS_MAX)


@contextmanager
def chromium():
    """A headless Chromium, the machine's own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Person:
    """Somebody in a browser of their own."""

    def __init__(self, browser, portal, name, script=True, size=DESKTOP, colours="light"):
        self.portal, self.name = portal, name
        # Who runs the tests need not trust the authority of each server.
        self.context = browser.new_context(
            ignore_https_errors=True,
            java_script_enabled=script,
            viewport=size,
            color_scheme=colours,
            reduced_motion="reduce",
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.complaints = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self.noted)

    def noted(self, message):
        """A browser says on its console what a content security policy stopped."""
        if message.type == "error" and "status of 4" not in message.text:
            self.complaints.append(message.text)

    def sign_in(self, to="/"):
        self.open(to)
        if self.page.locator("header .person").count() == 0 and "/oauth2/" not in self.page.url:
            self.page.get_by_role("link", name="Sign in").first.click()
        self.page.fill("#username", self.name)
        self.page.fill("#password", self.portal.passwords[self.name])
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_selector("header .person")
        return self

    def open(self, path):
        """Opens a page; its answer."""
        return self.page.goto(urljoin(self.portal.origin, path), wait_until="load")

    def heading(self):
        return self.page.locator("h1").inner_text()

    def main(self):
        return self.page.locator("main").inner_text()

    def links(self):
        """Where the page's links lead, within the portal."""
        found = self.page.eval_on_selector_all("a[href]", "all => all.map(it => it.href)")
        ours = (urldefrag(url).url for url in found)
        return [url for url in ours if url.startswith(self.portal.origin + "/")]

    def violations(self):
        """What axe-core finds wrong with the page as it stands."""
        # Evaluated rather than added: the page's own policy lets no script of others in.
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{it['id']}: {it['help']}: {[node['html'][:160] for node in it['nodes'][:3]]}"
            for it in found["violations"]
        ]

    def out_of_reach(self):
        """What can be clicked on the page, and Tab does not come to."""
        for _ in range(self.page.evaluate(NUMBER_ALL)):
            self.page.keyboard.press("Tab")
        return self.page.evaluate(NOT_REACHED)

    def shoot(self, name):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def kind_of(url):
    """Which page it is, whatever it is about: ids and the like do not make another one."""
    parts = urlsplit(url)
    segments = [
        "*" if re.search(r"[0-9a-f]{8}|\.|^\d+$", segment) else segment
        for segment in parts.path.split("/")
    ]
    names = sorted({pair.split("=")[0] for pair in parts.query.split("&") if pair})
    return "/".join(segments), tuple(names)
