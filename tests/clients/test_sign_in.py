"""People who sign in by browser, and applications without a secret, through `azure-identity` and
`msal` as they are.
"""

import http.cookiejar
import json
import ssl
import threading
import urllib.error
import urllib.parse
import urllib.request

import jwt
import msal
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    CertificateCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
    InteractiveBrowserCredential,
)

from device_page import Form

AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
EXCHANGE = "api://AzureADTokenExchange/.default"
# The request, name and password, an account to pick, and the answer.
PAGES_MAX = 6


@pytest.fixture(autouse=True)
def trusted(shared_fyr, monkeypatch):
    """`requests` lets the machine's own bundle, where there is one, win over what it is told."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(shared_fyr.server.ca))


class Browser:
    """Keeps cookies and fills in forms, until it is sent to the program that waits."""

    def __init__(self, fyr, person):
        trust = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=fyr.server.ca))
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(trust, cookies, Stay)
        self.origin = fyr.server.origin
        self.known = {"username": person.sign_in_name, "password": person.password}

    def follow(self, url, body=None):
        """Answers the URL outside that the browser ends at, and what it would post there."""
        for _ in range(PAGES_MAX):
            if not url.startswith(f"{self.origin}/"):
                return url, body
            with self.opener.open(url, body, timeout=30) as page:
                sent, text = page.headers.get("Location"), page.read().decode()
            if sent:
                url, body = urllib.parse.urljoin(url, sent), None
                continue
            form = Form(text)
            assert form.found, text
            fields = {name: self.known.get(name, value) for name, value in form.fields.items()}
            url = urllib.parse.urljoin(url, form.action)
            body = urllib.parse.urlencode(fields).encode()
        raise AssertionError(f"the browser was sent around {PAGES_MAX} times, at last to {url}")


class Stay(urllib.request.HTTPRedirectHandler):
    """Goes nowhere by itself."""

    def http_error_303(self, request, answer, code, message, headers):
        return answer


def carried(url, body):
    """What the browser brings back."""
    text = body.decode() if body else urllib.parse.urlsplit(url).query
    return dict(urllib.parse.parse_qsl(text))


def everywhere(fyr):
    """What tells `azure-identity` that this is Fyr."""
    return {
        "authority": fyr.server.origin,
        "disable_instance_discovery": True,
        "connection_verify": str(fyr.server.ca),
    }


def said(token):
    return jwt.decode(token, options={"verify_signature": False})


def tenants(fyr, token):
    """The tenants that ARM shows to whoever has the token."""
    url = f"{fyr.server.origin}/tenants?api-version=2022-12-01"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    trust = ssl.create_default_context(cafile=fyr.server.ca)
    with urllib.request.urlopen(request, context=trust, timeout=30) as answer:
        return [it["tenantId"] for it in json.load(answer)["value"]]


def program(fyr, tenant="organizations"):
    return msal.PublicClientApplication(
        AZURE_CLI,
        authority=f"{fyr.server.origin}/{tenant}",
        instance_discovery=False,
        verify=str(fyr.server.ca),
    )


@pytest.mark.parametrize("mode", ["query", "fragment", "form_post"])
def test_a_person_signs_in_by_browser(shared_fyr, mode):
    owner = shared_fyr.world.owner
    app, scopes = program(shared_fyr), [f"{shared_fyr.server.origin}/.default"]
    flow = app.initiate_auth_code_flow(
        scopes, redirect_uri="http://localhost:51234", response_mode=mode
    )
    url, body = Browser(shared_fyr, owner).follow(flow["auth_uri"])
    assert url.startswith("http://localhost:51234")
    answer = carried(url.replace("#", "?"), body)
    tokens = app.acquire_token_by_auth_code_flow(flow, answer)
    assert "error" not in tokens, tokens
    claims = tokens["id_token_claims"]
    assert claims["preferred_username"] == owner.sign_in_name
    assert (claims["tid"], claims["oid"]) == (owner.tenant.id, owner.id)
    assert owner.tenant.id in tenants(shared_fyr, tokens["access_token"])

    account = app.get_accounts()[0]
    again = app.acquire_token_silent(scopes, account, force_refresh=True)
    assert again["access_token"] != tokens["access_token"], "the refresh token is good"

    replayed = app.acquire_token_by_auth_code_flow(flow, answer)
    assert replayed["error"] == "invalid_grant"
    assert app.acquire_token_silent(scopes, account, force_refresh=True) is None


def test_a_guest_signs_in_by_browser_at_the_customers(shared_fyr):
    guest = shared_fyr.world.guest
    app = program(shared_fyr, guest.tenant.id)
    flow = app.initiate_auth_code_flow(
        [f"{shared_fyr.server.origin}/.default"], redirect_uri="http://localhost:51235"
    )
    answer = carried(*Browser(shared_fyr, guest).follow(flow["auth_uri"]))
    claims = app.acquire_token_by_auth_code_flow(flow, answer)["id_token_claims"]
    assert (claims["tid"], claims["oid"]) == (guest.tenant.id, guest.id)


def test_nobody_else_redeems_a_code(shared_fyr):
    app, scopes = program(shared_fyr), [f"{shared_fyr.server.origin}/.default"]
    flow = app.initiate_auth_code_flow(scopes, redirect_uri="http://localhost:51236")
    answer = carried(*Browser(shared_fyr, shared_fyr.world.owner).follow(flow["auth_uri"]))
    thief = app.initiate_auth_code_flow(scopes, redirect_uri="http://localhost:51236")
    stolen = answer | {"state": thief["state"]}
    refused = app.acquire_token_by_auth_code_flow(thief, stolen)
    assert refused["error"] == "invalid_grant" and "AADSTS501481" in refused["error_description"]
    assert "access_token" in app.acquire_token_by_auth_code_flow(flow, answer)


def test_the_interactive_credential_opens_a_browser_and_waits(shared_fyr, monkeypatch):
    owner = shared_fyr.world.owner

    def opened(url):
        def browse():
            place, body = Browser(shared_fyr, owner).follow(url)
            with urllib.request.urlopen(place, body, timeout=30):
                pass

        threading.Thread(target=browse, daemon=True).start()
        return True

    monkeypatch.setattr("webbrowser.open", opened)
    credential = InteractiveBrowserCredential(timeout=60, **everywhere(shared_fyr))
    token = credential.get_token(f"{shared_fyr.server.origin}/.default").token
    assert said(token)["oid"] == owner.id
    assert owner.tenant.id in tenants(shared_fyr, token)


def test_an_application_signs_in_by_its_certificate(shared_fyr):
    signer, other = shared_fyr.world.signer, shared_fyr.world.automation
    scope = f"{shared_fyr.server.origin}/.default"

    def credential(app):
        pem = signer.certificate.both.encode()
        return CertificateCredential(
            app.tenant.id, app.app_id, certificate_data=pem, **everywhere(shared_fyr)
        )

    good = credential(signer)
    token = good.get_token(scope).token
    assert (said(token)["appid"], said(token)["oid"]) == (signer.app_id, signer.id)
    assert tenants(shared_fyr, token) == [signer.tenant.id]
    # MSAL sends the same assertion again.
    again = f"{shared_fyr.server.origin}//.default"
    assert said(good.get_token(again).token)["appid"] == signer.app_id
    with pytest.raises(ClientAuthenticationError, match="AADSTS700027"):
        credential(other).get_token(scope)


def test_an_application_signs_in_by_the_word_of_another_tenants(shared_fyr):
    world, scope = shared_fyr.world, f"{shared_fyr.server.origin}/.default"
    home, visitor = world.automation, world.visitor
    at_home = ClientSecretCredential(
        home.tenant.id, home.app_id, home.secret, **everywhere(shared_fyr)
    )

    def visiting(resource):
        return ClientAssertionCredential(
            visitor.tenant.id,
            visitor.app_id,
            lambda: at_home.get_token(resource).token,
            **everywhere(shared_fyr),
        )

    token = visiting(EXCHANGE).get_token(scope).token
    assert (said(token)["tid"], said(token)["appid"]) == (visitor.tenant.id, visitor.app_id)
    assert tenants(shared_fyr, token) == [visitor.tenant.id]
    with pytest.raises(ClientAuthenticationError, match="AADSTS700212"):
        visiting(scope).get_token(scope)


def test_a_browser_is_never_sent_to_a_stranger(shared_fyr):
    flow = program(shared_fyr).initiate_auth_code_flow(
        [f"{shared_fyr.server.origin}/.default"], redirect_uri="https://stranger.example/"
    )
    with pytest.raises(urllib.error.HTTPError) as shown:
        Browser(shared_fyr, shared_fyr.world.owner).follow(flow["auth_uri"])
    assert shown.value.code == 400
    assert "AADSTS50011" in shown.value.read().decode()
