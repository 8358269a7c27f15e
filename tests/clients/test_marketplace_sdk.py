"""The marketplace through the Python SDKs: what a customer's pipeline reads, agrees to and takes, and
whose partner a provider's automation works for.
"""

import uuid

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import ClientSecretCredential
from azure.mgmt.managedservices import ManagedServicesClient
from azure.mgmt.managedservices.models import (
    Authorization,
    Plan,
    RegistrationDefinition,
    RegistrationDefinitionProperties,
)
from azure.mgmt.managementpartner import ACEProvisioningManagementPartnerAPI
from azure.mgmt.marketplaceordering import MarketplaceOrderingAgreements

from roles import OWNER, READER
from server import PROJECT, Server
from world import draw, new_id

SAMPLE = PROJECT / "crates" / "fyr" / "worlds" / "sample.yaml"
CONTOSO = "11111111-1111-4111-8111-111111111111"
SCOPE = f"subscriptions/{CONTOSO}"
PLAN = ("fabrikam", "harbour-watch", "watch")
PUBLIC, HIDDEN = "fabrikam.harbour-watch.watch", "fabrikam.harbour-watch.care-tailspin"


class Sample:
    """The world that `fyr up` starts with, and an application in each tenant that these tests sign
    in to.
    """

    def __init__(self):
        self.apps = {tenant: (new_id(), draw("a secret ")) for tenant in ("contoso", "fabrikam")}

    def file(self, _origin):
        pipeline = {
            tenant: f'- {{ name: pipeline, id: {id}, secret: "{secret}" }}'
            for tenant, (id, secret) in self.apps.items()
        }
        text = SAMPLE.read_text()
        for place, more in (
            ("      - { name: automation,", f"      {pipeline['fabrikam']}"),
            ("    groups:\n      - { name: owners,", f"    apps:\n      {pipeline['contoso']}"),
            (
                "      - { principal: rut, role: Reader, scope: contoso-prod }",
                "      - { principal: pipeline, role: Owner, scope: contoso-prod }",
            ),
        ):
            assert text.count(place) == 1
            text = text.replace(place, f"{more}\n{place}")
        return text


class Shop:
    def __init__(self, folder):
        self.world = Sample()
        self.server = Server(folder, self.world, "azure")

    def client(self, kind, tenant, *arguments):
        """An SDK's client for the application in that tenant."""
        id, secret = self.world.apps[tenant]
        ca = str(self.server.ca)
        credential = ClientSecretCredential(
            f"{tenant}.example",
            id,
            secret,
            authority=self.server.origin,
            disable_instance_discovery=True,
            connection_verify=ca,
        )
        return kind(
            credential,
            *arguments,
            base_url=self.server.origin,
            credential_scopes=[f"{self.server.origin}/.default"],
            connection_verify=ca,
        )


@pytest.fixture
def shop(tmp_path):
    shop = Shop(tmp_path)
    try:
        shop.server.wait_until_ready()
        yield shop
    finally:
        shop.server.stop()


def definition(offered, authorizations):
    """What the offer says, as the SDK has it said: it sends nothing without them."""
    plan = offered.plan
    return RegistrationDefinition(
        plan=Plan(
            name=plan.name, publisher=plan.publisher, product=plan.product, version=plan.version
        ),
        properties=RegistrationDefinitionProperties(
            registration_definition_name=draw("Harbour watch "),
            managed_by_tenant_id=offered.properties.managed_by_tenant_id,
            authorizations=authorizations,
        ),
    )


def test_a_pipeline_reads_what_is_offered_agrees_to_the_terms_and_takes_it(shop):
    services = shop.client(ManagedServicesClient, "contoso")
    agreements = shop.client(MarketplaceOrderingAgreements, "contoso", CONTOSO).marketplace_agreements
    anywhere = services.marketplace_registration_definitions_without_scope
    there = services.marketplace_registration_definitions

    for listed in (anywhere.list(), there.list(SCOPE)):
        newest = [it for it in listed if it.name.startswith(PUBLIC)]
        assert [it.plan.name for it in newest] == ["watch"]
    offered = there.get(SCOPE, PUBLIC)
    assert offered.plan.version == "1.1.0"
    assert anywhere.get(PUBLIC).plan == offered.plan
    assert not [it for it in there.list(SCOPE) if it.plan.name == "care-tailspin"]
    for name in (HIDDEN, "fabrikam.harbour-watch.none"):
        for read in (lambda: anywhere.get(name), lambda: there.get(SCOPE, name)):
            with pytest.raises(ResourceNotFoundError):
                read()

    given = offered.properties.authorizations
    definitions, id = services.registration_definitions, str(uuid.uuid4())
    put = lambda body: definitions.begin_create_or_update(id, SCOPE, body).result()
    with pytest.raises(HttpResponseError) as refused:
        put(definition(offered, given))
    assert refused.value.error.code == "MarketplacePurchaseEligibilityFailed"

    terms = agreements.get("virtualmachine", *PLAN)
    assert (terms.accepted, terms.product, terms.plan) == (False, "harbour-watch", "watch")
    terms.accepted = True
    assert agreements.create("virtualmachine", *PLAN, terms).accepted
    assert agreements.get_agreement(*PLAN).accepted
    assert not agreements.cancel(*PLAN).accepted
    assert not agreements.get("virtualmachine", *PLAN).accepted
    with pytest.raises(HttpResponseError):
        put(definition(offered, given))
    assert agreements.sign(*PLAN).accepted
    assert agreements.get("virtualmachine", *PLAN).signature == terms.signature
    with pytest.raises(ResourceNotFoundError):
        agreements.sign("fabrikam", "harbour-watch", "care-tailspin")

    wider = Authorization(principal_id=given[0].principal_id, role_definition_id=OWNER)
    with pytest.raises(HttpResponseError) as refused:
        put(definition(offered, [*given, wider]))
    assert "authorizations" in refused.value.message
    made = put(definition(offered, given))
    assert (made.plan.publisher, made.plan.version) == ("fabrikam", "1.1.0")
    assert READER in {it.role_definition_id for it in made.properties.authorizations}
    [shown] = definitions.list(SCOPE)
    assert shown.id == made.id
    definitions.delete(id, SCOPE)
    assert not list(definitions.list(SCOPE))


def test_automation_links_itself_to_a_partner_changes_the_link_and_takes_it_back(shop):
    ours = shop.client(ACEProvisioningManagementPartnerAPI, "fabrikam")
    theirs = shop.client(ACEProvisioningManagementPartnerAPI, "contoso")
    with pytest.raises(ResourceNotFoundError):
        ours.partners.get()
    made = ours.partner.create("6123477")
    assert (made.partner_id, made.version, made.state) == ("6123477", 1, "Active")
    assert made.object_id == shop.world.apps["fabrikam"][0]
    assert ours.partners.get().partner_id == "6123477"
    with pytest.raises(HttpResponseError) as refused:
        ours.partner.create("7000001")
    assert refused.value.status_code == 409
    for read in (theirs.partners.get, lambda: theirs.partner.get("6123477")):
        with pytest.raises(ResourceNotFoundError):
            read()
    changed = ours.partner.update("7000001")
    assert (changed.partner_id, changed.version) == ("7000001", 2)
    assert ours.partner.get("7000001").etag == 2
    ours.partner.delete("7000001")
    with pytest.raises(ResourceNotFoundError):
        ours.partner.get("7000001")
