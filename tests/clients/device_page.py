"""What a person does in the browser after `az login --use-device-code`."""

import http.cookiejar
import ssl
import urllib.parse
import urllib.request
from html.parser import HTMLParser

import authenticator

# Code, sign-in and confirmation may be a page each.
PAGES_MAX = 5


def sign_in(page_url, user_code, person, ca):
    """Fills in whatever forms come, until one comes no more. Returns the last page's text."""
    trust = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=ca))
    cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    browser = urllib.request.build_opener(trust, cookies)
    known = {
        "user_code": user_code,
        "username": person.sign_in_name,
        "password": person.password,
        # A code is taken once: the next, in case the last was just shown.
        "code": authenticator.code(person, ahead=1),
    }
    url, text = read(browser, page_url)
    for _ in range(PAGES_MAX):
        form = Form(text)
        if not form.found:
            return text
        typed = {name: known.get(name, form.fields[name]) for name in form.shown}
        if "password" in typed:
            assert "another device" in text, f"a password is asked for, and not what for:\n{text}"
        fields = form.fields | typed
        body = urllib.parse.urlencode(fields).encode()
        url, text = read(browser, urllib.parse.urljoin(url, form.action), body)
    raise AssertionError(f"the device page asked {PAGES_MAX} times and still shows a form:\n{text}")


def read(browser, url, body=None):
    with browser.open(url, body, timeout=30) as page:
        return page.url, page.read().decode()


class Form(HTMLParser):
    """The first form of a page: where it goes, its fields with their values, and which one sees."""

    def __init__(self, text):
        super().__init__()
        self.found, self.inside, self.pressed = False, False, False
        self.action, self.fields, self.shown = "", {}, set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form" and not self.found:
            self.found, self.inside = True, True
            self.action = attributes.get("action") or ""
        if not self.inside or not attributes.get("name"):
            return
        if tag == "button" or attributes.get("type") == "submit":
            if self.pressed:  # a person presses one button, the first
                return
            self.pressed = True
        if tag in ("input", "button"):
            self.fields[attributes["name"]] = attributes.get("value") or ""
            if tag == "input" and attributes.get("type") not in ("hidden", "submit"):
                self.shown.add(attributes["name"])

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
