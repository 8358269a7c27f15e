"""`az policy` and what it keeps out: only listed tenants manage what is Contoso's."""

import json

import pytest
from roles import CONTRIBUTOR
from world import draw, new_id

# Azure's own: "Allow managing tenant ids to onboard through Azure Lighthouse".
ALLOW = "7a8a51a3-ad87-4def-96f3-65a1839242b6"
MANAGER = "Microsoft.ManagedServices/registrationDefinitions/managedByTenantId"


@pytest.fixture
def owner(shared_fyr):
    """Contoso's owner, who writes its policies."""
    return shared_fyr.az_as(shared_fyr.world.owner)


def test_a_definition_is_created_shown_listed_and_deleted(owner):
    name = draw("policy-")
    rule = {"if": {"field": MANAGER, "equals": new_id()}, "then": {"effect": "audit"}}
    made = owner.json(
        *("policy", "definition", "create", "--name", name, "--mode", "All"),
        *("--rules", json.dumps(rule)),
    )
    assert (made["name"], made["policyRule"]) == (name, rule)

    shown = owner.json("policy", "definition", "show", "--name", name)
    assert shown["id"] == made["id"]
    listed = {each["name"] for each in owner.json("policy", "definition", "list")}
    assert {name, ALLOW} <= listed

    owner.run("policy", "definition", "delete", "--name", name)
    assert owner.refused("policy", "definition", "show", "--name", name).code == "PolicyDefinitionNotFound"


def test_only_a_listed_tenant_is_onboarded(shared_fyr, owner):
    world, name = shared_fyr.world, draw("allow-")
    allowed = {"listOfAllowedTenants": {"value": [new_id()]}}
    made = owner.json(
        *("policy", "assignment", "create", "--name", name, "--policy", ALLOW),
        *("--params", json.dumps(allowed)),
    )
    try:
        assert made["enforcementMode"] == "Default"
        assert name in {each["name"] for each in owner.json("policy", "assignment", "list")}
        offer = [
            *("managedservices", "definition", "create", "--definition-id", new_id()),
            *("--name", draw("offer "), "--tenant-id", world.fabrikam.id),
            *("--principal-id", world.engineers.id, "--role-definition-id", CONTRIBUTOR),
        ]
        refused = owner.refused(*offer)
        assert refused.code == "RequestDisallowedByPolicy"
        assert made["id"] in refused.message
    finally:
        # Others onboard here, too.
        owner.run("policy", "assignment", "delete", "--name", name)
    id = owner.json(*offer)["id"]
    owner.run("managedservices", "definition", "delete", "--definition", id, "--yes")
