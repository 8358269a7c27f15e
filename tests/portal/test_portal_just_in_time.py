"""Roles just in time in a real browser: from the first request to giving the role back."""

import base64
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from authenticator import KEYS, code
from portal import DESKTOP, PHONE, Person, Portal, chromium

WORLD = Path(__file__).with_name("just_in_time.yaml")
SCOPE = "/subscriptions/11111111-1111-4111-8111-111111111111"
ADA, MIA = "ada@fabrikam.example", "mia@fabrikam.example"
OLOF, RUT = "olof@contoso.example", "rut@contoso.example"
APP = SimpleNamespace(id="the app of Ada's telephone")
SIZES = {"desktop": DESKTOP, "phone": PHONE}


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def people(request, browser, tmp_path):
    """Whoever of the world is wanted, each in a browser of their own, with and without script."""
    portal = Portal(tmp_path, world=WORLD)
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


def set_up_authenticator(person):
    """Follows the link of the page, and sets up an app with what is shown there."""
    page = person.page
    click(person, "link", "your authenticator")
    page.fill("#username", person.name)
    page.fill("#password", person.portal.passwords[person.name])
    click(person, "button", "Next")
    key = re.search(r"<code>([A-Z2-7]+)</code>", page.content())[1]
    KEYS[APP.id] = base64.b32decode(key)
    page.fill("#code", code(APP))
    click(person, "button", "Set up")
    assert "is set up" in page.inner_text("body")


def show_second_factor(person):
    """From the form to the sign-in; each code is good once, so that it is the next one."""
    page = person.page
    click(person, "button", "Show a second factor")
    page.locator("button.account").first.click()
    page.fill("#code", code(APP, ahead=1))
    click(person, "button", "Sign in")
    page.wait_for_selector("#activate")


def asks_for_contributor(ada):
    """Ada asks for two hours, with a second factor."""
    ada.open("/roles")
    click(ada, "link", "Activate Contributor")
    assert "A second factor is asked for." in ada.main()
    set_up_authenticator(ada)
    ada.open("/roles")
    click(ada, "link", "Activate Contributor")
    ada.page.select_option("#minutes", label="2 hours")
    ada.page.fill("#justification", "the patch of Thursday night")
    show_second_factor(ada)
    assert ada.page.input_value("#justification") == "the patch of Thursday night"
    assert ada.page.input_value("#minutes") == "120"
    click(ada, "button", "Activate")
    assert "Waits for approval" in ada.main()


def test_a_role_is_asked_for_approved_held_and_given_back(people):
    ada, mia = people(ADA), people(MIA)
    asks_for_contributor(ada)
    mia.open("/")
    mia.page.locator("summary", has_text="Notifications").click()
    click(mia, "link", "1 request for a role")
    assert "Ada Byron" in mia.main() and "the patch of Thursday night" in mia.main()
    click(mia, "link", "Decide")
    mia.page.fill("textarea", "agreed in the stand-up")
    click(mia, "button", "Approve")
    assert "Nothing waits for your word." in mia.main()

    ada.open("/roles/requests")
    click(ada, "link", "Contributor")
    assert "Mia Holm" in ada.main() and "agreed in the stand-up" in ada.main()
    ada.open("/roles/active")
    assert "in 1 hour" in ada.main() and "Contoso Retail" in ada.main()
    olof = people(OLOF)
    olof.open(f"/access?scope={SCOPE}")
    assert "Somebody of Fabrikam Managed Services" in olof.page.inner_text("section:has(#active)")
    click(ada, "link", "Deactivate Contributor")
    click(ada, "button", "Deactivate")
    assert "No role of yours is active" in ada.main()
    olof.page.reload()
    assert olof.page.locator("#active").count() == 0


def test_a_customer_asks_for_more_and_its_own_people_decide(people):
    olof, ada, rut = people(OLOF), people(ADA), people(RUT)
    olof.open("/")
    click(olof, "link", "Role settings")
    click(olof, "link", "contoso-prod")
    click(olof, "link", "Support Request Contributor")
    olof.page.select_option("#minutes", label="1 hour")
    olof.page.get_by_label("A justification").check()
    olof.page.fill("#find", "rut")
    click(olof, "button", "Find")
    click(olof, "button", "Rut Berg")
    assert olof.page.get_by_label("A justification").is_checked(), "nothing is lost"
    olof.page.locator("#setting button.primary").click()
    assert "At most 1 hour, A justification, Approval by one of 1 approver" in olof.main()

    ada.open("/roles")
    click(ada, "link", "Activate Support Request Contributor")
    assert "Approval by Contoso Retail" in ada.main()
    click(ada, "button", "Activate")
    assert ada.page.locator(".wrong").all_inner_texts() == ["Say why you need it."]
    ada.page.fill("#justification", "a case with Microsoft")
    click(ada, "button", "Activate")
    rut.open("/roles/approvals")
    assert "Ada" not in rut.main() and "Somebody of Fabrikam" in rut.main()
    click(rut, "link", "Decide")
    click(rut, "button", "Deny")
    ada.open("/roles/requests")
    assert "Denied" in ada.main()


@pytest.fixture(scope="module")
def states(browser, tmp_path_factory):
    """A server where something of everything is: active, waiting, over, and asked for by settings."""
    portal = Portal(tmp_path_factory.mktemp("portal"), world=WORLD)
    ada = Person(browser, portal, ADA).sign_in()
    for group in ["data", "app"]:
        ada.open("/roles")
        click(ada, "link", "Activate Support Request Contributor")
        ada.page.fill("#group", group)
        ada.page.fill("#justification", "A case with Microsoft, about a disk that fills up at night")
        ada.page.fill("#ticket-number", "4711")
        click(ada, "button", "Activate")
    click(ada, "link", "Deactivate Support Request Contributor")
    click(ada, "button", "Deactivate")
    asks_for_contributor(ada)
    people = [ada] + [Person(browser, portal, name).sign_in() for name in [MIA, OLOF]]
    mia = people[1]
    mia.open("/roles/approvals")
    request = mia.page.locator("main tbody a").last.get_attribute("href")
    yield people, request
    portal.stop()


def pages(name, request):
    """What there is of it for each of them."""
    contributor = "b24988ac-6180-42a0-ab88-20f7382dd24c"
    return {
        ADA: ["/", "/roles", "/roles/active", "/roles/past", "/roles/requests", "/roles/approvals"],
        MIA: ["/", "/roles", "/roles/requests", "/roles/approvals", request],
        OLOF: [
            f"/access?scope={SCOPE}",
            f"/access/settings?scope={SCOPE}",
            f"/access/settings/role?scope={SCOPE}&role={contributor}",
            "/service-providers/delegations",
        ],
    }[name]


def followed(person, path):
    """The pages behind the first link of each kind."""
    kinds = ["/roles/activate?", "/roles/deactivate?", "/roles/request?"]
    person.open(path)
    for kind in kinds:
        link = person.page.locator(f"main a[href^='{kind}']").first
        if link.count():
            yield link.get_attribute("href")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_page_is_readable_in_light_and_dark_at_a_desk_and_on_a_phone(states, colours, size):
    people, request = states
    wrong = []
    for person in people:
        person.page.set_viewport_size(SIZES[size])
        person.page.emulate_media(color_scheme=colours, reduced_motion="reduce")
        wrong += readable(person, pages(person.name, request), f"{colours}-{size}")
        assert person.complaints == [], person.name
    assert not wrong, "\n".join(wrong)


def readable(person, paths, label):
    """What is wrong with those pages, and with those that they lead on to."""
    wrong, seen = [], set()
    waiting = list(paths)
    while waiting:
        path = waiting.pop(0)
        kind = path.split("?")[0]
        if path in seen:
            continue
        seen.add(path)
        answer = person.open(path)
        assert answer.status == 200, f"{path}: {person.main()}"
        wrong += [f"{path}: {it}" for it in person.violations()]
        overflow = person.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if overflow > 0:
            wrong.append(f"{path} is {overflow} px too wide")
        wrong += [f"{path}: no key leads to {it}" for it in person.out_of_reach()]
        who = person.name.split("@")[0]
        person.shoot(f"jit-{who}{kind.replace('/', '-')}-{label}")
        waiting += followed(person, path)
    return wrong
