"""The portal in a real browser: every page that a person can reach, and the stories."""

import pytest
from playwright.sync_api import Error

from portal import DESKTOP, PHONE, Person, Portal, chromium, kind_of

# Enough for every page of the sample world; a page is opened for the same kind of thing so often.
PAGES_MAX = 150
ALIKE_MAX = 2

PEOPLE = [
    "ada@fabrikam.example",
    "bo@fabrikam.example",
    "olof@contoso.example",
    "rut@contoso.example",
    "lone@adatum.example",
    "ivo@tailspin.example",
]


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """A server for the tests that change nothing."""
    portal = Portal(tmp_path_factory.mktemp("portal"))
    yield portal
    portal.stop()


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


def pages(person):
    """Every page that links lead to, each with its answer; of alike ones the first few."""
    waiting, seen, alike = [person.portal.origin + "/"], set(), {}
    while waiting and len(seen) < PAGES_MAX:
        url = waiting.pop(0)
        kind = kind_of(url)
        if url in seen or alike.get(kind, 0) >= ALIKE_MAX or "/sign-in" in url:
            continue
        seen.add(url)
        alike[kind] = alike.get(kind, 0) + 1
        try:
            answer = person.open(url)
        except Error as error:
            # A file to be saved is no page.
            assert "Download is starting" in str(error), url
            assert person.context.request.get(url).ok, url
            continue
        yield url, answer
        waiting += person.links()


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.xdist_group("portal")
def test_no_link_is_dead_and_no_page_shuts_anybody_out(portal, browser, name):
    person = Person(browser, portal, name).sign_in()
    wrong = []
    for url, answer in pages(person):
        if answer.status >= 400:
            wrong.append(f"{url} answers {answer.status}: {person.main()[:200]}")
            continue
        if person.page.locator("h1").count() != 1:
            wrong.append(f"{url} has not one heading")
        wrong += [f"{url}: {it}" for it in person.violations()]
    assert not wrong, "\n".join(wrong)
    assert person.complaints == []


SIZES = {"desktop": DESKTOP, "phone": PHONE}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.xdist_group("portal")
def test_the_main_pages_are_readable_in_light_and_dark_at_a_desk_and_on_a_phone(
    portal, browser, colours, size
):
    for name in PEOPLE[:1] + PEOPLE[4:5]:
        person = Person(browser, portal, name, size=SIZES[size], colours=colours).sign_in()
        places = person.page.eval_on_selector_all(
            "#navigation a", "all => all.map(it => it.getAttribute('href'))"
        )
        for place in places:
            person.open(place)
            assert person.violations() == [], place
            overflow = person.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert overflow <= 0, f"{place} is {overflow} px too wide"
            who = name.split("@")[0]
            person.shoot(f"{who}{place.replace('/', '-')}-{colours}-{size}")


@pytest.mark.xdist_group("portal")
def test_everything_in_the_frame_works_by_keyboard(portal, browser):
    person = Person(browser, portal, "ada@fabrikam.example").sign_in()
    page = person.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    page.keyboard.press("Control+k")
    palette = page.locator("#palette")
    assert palette.is_visible()
    page.keyboard.type("overv")
    page.keyboard.press("Enter")
    page.wait_for_url(portal.origin + "/")
    menu = page.locator("details.person")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    assert menu.get_by_role("button", name="Sign out").is_visible()
    page.keyboard.press("Escape")
    assert not menu.get_by_role("button", name="Sign out").is_visible()


@pytest.mark.xdist_group("portal")
def test_light_or_dark_is_chosen_and_remembered_without_script(portal, browser):
    person = Person(browser, portal, "ada@fabrikam.example", script=False).sign_in()
    person.page.locator("details.person summary").click()
    person.page.get_by_role("button", name="Dark").click()
    person.open("/")
    assert person.page.locator("html").get_attribute("data-theme") == "dark"
