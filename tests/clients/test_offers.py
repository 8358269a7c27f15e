"""The sample world's offer in the hands of a customer: the Azure CLI's own commands, and the stock
marketplace template of the samples.
"""

import json
from dataclasses import dataclass

import pytest

from az import Az
from server import PROJECT, Server

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
def shop(tmp_path):
    server = Server(tmp_path, Sample(), "azure")
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
