"""An app that shows a code every thirty seconds, and how a person sets it up."""

import base64
import hashlib
import hmac
import http.cookiejar
import re
import ssl
import struct
import time
import urllib.parse
import urllib.request

STEP = 30
# What each person's app knows, by the person's id.
KEYS = {}


def code(person, ahead=0):
    """What the app shows so many steps from now, if there is one (RFC 6238)."""
    if person.id not in KEYS:
        return ""
    step = int(time.time()) // STEP + ahead
    tag = hmac.new(KEYS[person.id], struct.pack(">q", step), hashlib.sha1).digest()
    at = tag[-1] & 0xF
    number = struct.unpack(">I", tag[at : at + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def set_up(server, person):
    """Follows the page: the password, the key, the first code."""
    trust = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=server.ca))
    cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    browser = urllib.request.build_opener(trust, cookies)
    url = f"{server.origin}/common/security-info"

    def post(page, **fields):
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
        body = urllib.parse.urlencode(hidden | fields).encode()
        with browser.open(url, body, timeout=30) as answer:
            return answer.read().decode()

    with browser.open(url, timeout=30) as answer:
        first = answer.read().decode()
    offer = post(first, username=person.sign_in_name, password=person.password)
    key = re.search(r"<code>([A-Z2-7]+)</code>", offer)[1]
    KEYS[person.id] = base64.b32decode(key)
    done = post(offer, code=code(person), answer="enrol")
    assert "is set up" in done, done
