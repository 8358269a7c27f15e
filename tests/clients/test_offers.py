"""The sample world's offer in the hands of a customer: the Azure CLI's own commands, and the stock
marketplace template of the samples.
"""

import json
import os
import ssl
import subprocess
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass

import pytest

from az import Az
from leads import Leads
from server import BINARY, PROJECT, Server, free_ports

TEMPLATES = PROJECT / "tests" / "samples" / "lighthouse" / "templates"
STOCK = TEMPLATES / "marketplace-delegated-resource-management"
TEMPLATE = STOCK / "marketplaceDelegatedResourceManagement.json"
SAMPLE = PROJECT / "crates" / "fyr" / "worlds" / "sample.yaml"
CONTOSO = "/subscriptions/11111111-1111-4111-8111-111111111111"
OFFERED = f"{CONTOSO}/providers/Microsoft.ManagedServices/marketplaceRegistrationDefinitions"
WATCH = ["--publisher", "fabrikam", "--offer", "harbour-watch", "--plan", "watch"]


class Sample:
    """The world that `fyr up` starts with."""

    def file(self, _origin):
        return SAMPLE.read_text()


@dataclass
class Shop:
    server: Server
    az: Az
    folder: object

    def signed_in(self, name, tenant, password):
        """az, signed in with a name and a password."""
        az = self.az.copy(self.folder / f"az-{name}")
        account = ["--username", f"{name}@{tenant}.example", "--password", password]
        az.run("login", *account, "--tenant", f"{tenant}.example", "--allow-no-subscriptions")
        return az


@pytest.fixture
def shop(tmp_path, port_443):
    """A server that also takes 127.0.0.1:443, where az asks about an account with a password."""
    server = Server(tmp_path, Sample(), "azure", options=())
    try:
        server.wait_until_ready()
        az = Az(server.origin, server.ca, tmp_path / "az")
        az.folder.mkdir()
        az.register_cloud()
        yield Shop(server, az, tmp_path)
    finally:
        server.stop()


def test_a_customer_takes_a_plan_by_the_stock_template_once_the_terms_are_accepted(shop, tmp_path):
    olof = shop.signed_in("olof", "contoso", "seven apples in winter")
    plan = olof.rest("get", f"{OFFERED}/fabrikam.harbour-watch.watch?api-version=2022-10-01")
    assert plan["plan"]["version"] == "1.1.0"
    hidden = olof.rest_refused(
        "get", f"{OFFERED}/fabrikam.harbour-watch.care-tailspin?api-version=2022-10-01"
    )
    absent = olof.rest_refused("get", f"{OFFERED}/fabrikam.harbour-watch.none?api-version=2022-10-01")
    assert hidden.code == absent.code
    assert hidden.message.replace("care-tailspin", "none") == absent.message

    deploying = ["deployment", "sub", "create", "--location", "westeurope"]
    deploying += ["--template-file", str(TEMPLATE), "--parameters", f"@{parameters(tmp_path, plan)}"]
    refused = olof.refused(*deploying)
    assert "MarketplacePurchaseEligibilityFailed" in refused

    terms = olof.json("vm", "image", "terms", "show", *WATCH)
    assert terms["accepted"] is False
    assert terms["licenseTextLink"] == "https://fabrikam.example/terms/harbour-watch"
    assert olof.json("vm", "image", "terms", "accept", *WATCH)["accepted"] is True
    assert olof.json(*deploying)["properties"]["provisioningState"] == "Succeeded"
    [definition] = olof.json("managedservices", "definition", "list")
    assert definition["plan"]["product"] == "harbour-watch"
    assert definition["properties"]["managedByTenantId"] == plan["properties"]["managedByTenantId"]
    assert len(olof.json("managedservices", "assignment", "list")) == 1

    mia = shop.signed_in("mia", "fabrikam", "nine lanterns on the pier")
    assert "11111111-1111-4111-8111-111111111111" in mia.subscriptions()

    # What is taken from a plan is changed by the plan alone.
    wider = {"properties": {**definition["properties"], "authorizations": [
        {"principalId": definition["properties"]["authorizations"][0]["principalId"],
         "roleDefinitionId": "b24988ac-6180-42a0-ab88-20f7382dd24c"}]}, "plan": definition["plan"]}
    for member in ("provisioningState", "managedByTenantName", "manageeTenantId", "manageeTenantName"):
        wider["properties"].pop(member, None)
    refused = olof.rest_refused("put", f"{definition['id']}?api-version=2022-10-01", wider)
    assert "authorizations" in refused.message


def parameters(folder, plan):
    """The stock parameter file with the plan's own values."""
    filled = json.loads((STOCK / "marketplaceDelegatedResourceManagement.parameters.json").read_text())
    properties = plan["properties"]
    values = {
        "mspOfferName": "Harbour watch",
        "mspOfferDescription": "From the marketplace",
        "managedByTenantId": properties["managedByTenantId"],
        "authorizations": properties["authorizations"],
        "marketplaceOffer": "Yes",
        "marketplacePublisherId": plan["plan"]["publisher"],
        "marketplaceOfferId": plan["plan"]["product"],
        "marketplacePlanId": plan["plan"]["name"],
        "marketplacePlanVersion": plan["plan"]["version"],
    }
    for name, value in values.items():
        filled["parameters"][name] = {"value": value}
    file = folder / "marketplace.parameters.json"
    file.write_text(json.dumps(filled))
    return file


class Killed:
    """A Fyr that is killed and started again on the same ports and data, with leads' receiver trusted."""

    def __init__(self, folder, leads):
        self.folder, self.ports = folder, free_ports(3)
        self.environment = os.environ | {"SSL_CERT_FILE": str(leads.certificate)}
        self.start()

    def start(self):
        arm, graph, portal = (f"127.0.0.1:{port}" for port in self.ports)
        command = [BINARY, "up", "--data", "data", "--listen", arm, "--listen-graph", graph]
        command += ["--listen-portal", portal, "--leave-443"]
        log = (self.folder / "fyr.log").open("ab")
        streams = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
        self.process = subprocess.Popen(command, cwd=self.folder, env=self.environment, **streams)
        wait_until(lambda: self.ready() or None)

    def ready(self):
        try:
            trust = ssl.create_default_context(cafile=self.folder / "data" / "ca.pem")
            url = f"https://localhost:{self.ports[0]}/readyz"
            with urllib.request.urlopen(url, context=trust, timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def token(self, name, password):
        form = {
            "client_id": "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
            "grant_type": "password",
            "username": name,
            "password": password,
            "scope": f"https://localhost:{self.ports[1]}/.default",
        }
        trust = ssl.create_default_context(cafile=self.folder / "data" / "ca.pem")
        url = f"https://localhost:{self.ports[0]}/{name.split('@')[1]}/oauth2/v2.0/token"
        form = urllib.parse.urlencode(form).encode()
        with urllib.request.urlopen(url, form, context=trust, timeout=30) as answer:
            return json.load(answer)["access_token"]

    def fyr(self, *arguments):
        token = self.token("bo@fabrikam.example", "quiet lantern over water")
        environment = self.environment | {"FYR_TOKEN": token}
        command = [BINARY, "offer", *arguments, "--data", "data"]
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout


def wait_until(look, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found is not None:
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come about")


def test_a_submission_goes_on_after_the_process_was_killed_in_the_middle_of_it(tmp_path):
    leads = Leads(tmp_path)
    fyr = Killed(tmp_path, leads)
    try:
        fyr.fyr("export", "fabrikam.harbour-watch", "offer")
        file = tmp_path / "offer" / "offer.yaml"
        address = "https://hooks.fabrikam.example/marketplace-leads"
        text = file.read_text()
        assert address in text
        file.write_text(text.replace(address, leads.url))
        fyr.fyr("apply", "offer/offer.yaml")
        leads.open.clear()
        fyr.fyr("publish", "fabrikam.harbour-watch", "--no-wait")
        assert leads.asked.wait(30), "the test lead is on its way"
        assert "leads inProgress" in fyr.fyr("status", "fabrikam.harbour-watch")
        fyr.process.kill()
        fyr.process.wait()
        leads.open.set()
        fyr.start()
        told = wait_until(
            lambda: next(
                (told for told in [fyr.fyr("status", "fabrikam.harbour-watch")]
                 if "publisher-signoff waiting" in told),
                None,
            )
        )
        assert told.startswith("fabrikam.harbour-watch: Preview")
    finally:
        fyr.process.kill()
        fyr.process.wait()
