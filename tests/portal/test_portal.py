"""The portal in a real browser: every page that a person can reach, and the stories."""

import pytest
from playwright.sync_api import Error

from leads import Leads
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
    """Every page that links lead to, each with its answer and whether it is the first of its kind; of
    alike ones the first few.
    """
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
        yield url, answer, alike[kind] == 1
        waiting += person.links()


@pytest.mark.parametrize("name", PEOPLE)
def test_no_link_is_dead_and_no_page_shuts_anybody_out(portal, browser, name):
    person = Person(browser, portal, name).sign_in()
    wrong = []
    for url, answer, is_new in pages(person):
        if answer.status >= 400:
            wrong.append(f"{url} answers {answer.status}: {person.main()[:200]}")
            continue
        if person.page.locator("h1").count() != 1:
            wrong.append(f"{url} has not one heading")
        if is_new:
            wrong += [f"{url}: {it}" for it in person.violations()]
            wrong += [f"{url}: no key leads to {it}" for it in person.out_of_reach()]
    assert not wrong, "\n".join(wrong)
    assert person.complaints == []


SIZES = {"desktop": DESKTOP, "phone": PHONE}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("colours", ["light", "dark"])
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


def test_light_or_dark_is_chosen_and_remembered_without_script(portal, browser):
    person = Person(browser, portal, "ada@fabrikam.example", script=False).sign_in()
    person.page.locator("details.person summary").click()
    person.page.get_by_role("button", name="Dark").click()
    person.open("/")
    assert person.page.locator("html").get_attribute("data-theme") == "dark"


@pytest.fixture
def leads(tmp_path):
    return Leads(tmp_path)


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def people(request, browser, tmp_path, leads):
    """A server for a story of its own, and whoever of its world is wanted, in browsers with and
    without script.
    """
    portal = Portal(tmp_path, trusted=leads.certificate)
    signed_in = {}

    def person(name):
        if name not in signed_in:
            signed_in[name] = Person(browser, portal, name, script=request.param).sign_in()
        return signed_in[name]

    yield person
    portal.stop()
    for one in signed_in.values():
        assert one.complaints == [], one.name


def click(person, role, name):
    person.page.get_by_role(role, name=name).first.click()


def test_a_customer_takes_an_offer_delegates_updates_and_ends_it_and_the_provider_sees_each(people):
    olof, mia = people("olof@contoso.example"), people("mia@fabrikam.example")
    olof.open("/marketplace")
    click(olof, "link", "Harbour watch")
    click(olof, "link", "Create Watch")
    olof.page.select_option("#place", label="contoso-test (22222222-2222-4222-8222-222222222222)")
    click(olof, "button", "Choose")
    assert "Nothing of this holds anywhere until you delegate" in olof.main()
    click(olof, "button", "Create")
    assert "Agree to the terms to go on." in olof.main()
    olof.page.check("input[name=agree]")
    click(olof, "button", "Create")
    olof.open("/service-providers")
    assert "Harbour watch" in olof.page.locator(".note").first.inner_text()
    mia.open("/customers")
    assert "Contoso" not in mia.main(), "accepted, and not delegated"

    olof.page.locator(".note").first.get_by_role("link").first.click()
    olof.page.get_by_role("checkbox", name="contoso-test").check()
    click(olof, "button", "Delegate")
    assert "Nothing is delegated without your consent." in olof.main()
    olof.page.check("#consent")
    click(olof, "button", "Delegate")
    mia.open("/customers")
    assert "Contoso Retail" in mia.main()

    lone = people("lone@adatum.example")
    lone.open("/service-providers")
    click(lone, "link", "1.1.0 waits")
    assert "Support Request Contributor" in lone.main()
    lone.page.check("#consent")
    click(lone, "button", "Accept version 1.1.0")
    lone.open("/service-providers")
    assert "1.1.0 waits" not in lone.main()

    lone.open("/service-providers/delegations")
    click(lone, "link", "End the delegation of ships")
    assert "Harbour watch engineers" in lone.main(), "for whom what is lost"
    click(lone, "button", "End the delegation of ships")
    mia.open("/customers")
    assert "Adatum" not in mia.main() and "Contoso Retail" in mia.main()


def test_a_publisher_changes_an_offer_and_brings_it_to_the_storefront(people, leads):
    ada = people("ada@fabrikam.example")
    ada.open("/partner-center/offers")
    click(ada, "link", "Harbour watch")
    click(ada, "link", "Offer setup")
    ada.page.get_by_label("HTTPS endpoint").fill(leads.url)
    click(ada, "button", "Save")
    click(ada, "link", "Offer listing")
    ada.page.get_by_label("Search results summary").fill("Engineers for your nights")
    click(ada, "button", "Save")
    click(ada, "link", "Review and publish")
    click(ada, "button", "Publish")
    wait_for(ada, "link", "Go live")
    assert [lead["LeadSource"][:9] for lead in leads.taken] == ["MSFT_TEST"]
    ada.open("/marketplace")
    assert "Engineers for your nights" not in ada.main(), "a preview is nobody else's to see"
    ada.page.go_back()
    click(ada, "link", "Go live")
    click(ada, "button", "Go live")
    wait_for(ada, "link", "Review and publish")
    ada.open("/marketplace")
    assert "Engineers for your nights" in ada.main()


def wait_for(person, role, name):
    """Until what runs on the server has come so far; with script the page follows by itself."""
    for _ in range(60):
        if person.page.get_by_role(role, name=name).count():
            return
        person.page.wait_for_timeout(500)
        person.page.reload()
    raise AssertionError(f"no {role} {name} on {person.page.url}:\n{person.main()}")
