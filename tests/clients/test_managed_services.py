"""`az managedservices` and `az rest` against Microsoft.ManagedServices, command by command."""

import pytest
from roles import BLOB_DATA_READER, CONTRIBUTOR, OWNER, READER
from world import draw, new_id

VERSION = "api-version=2022-10-01"
PROVIDER = "providers/Microsoft.ManagedServices"


@pytest.fixture
def owner(shared_fyr):
    """Contoso's owner, who may delegate."""
    return shared_fyr.az_as(shared_fyr.world.owner)


@pytest.fixture
def contoso(shared_fyr):
    return shared_fyr.world.contoso.subscription


def test_a_definition_is_created_shown_listed_and_deleted(shared_fyr, owner):
    world, id, name = shared_fyr.world, new_id(), draw("offer ")
    made = owner.json(
        *("managedservices", "definition", "create", "--definition-id", id, "--name", name),
        *("--tenant-id", world.fabrikam.id, "--description", "By hand"),
        *("--principal-id", world.engineers.id, "--role-definition-id", CONTRIBUTOR),
    )
    assert made["name"] == id
    properties = made["properties"]
    assert properties["registrationDefinitionName"] == name
    assert properties["managedByTenantId"] == world.fabrikam.id
    assert properties["provisioningState"] == "Succeeded"
    [granted] = properties["authorizations"]
    assert (granted["principalId"], granted["roleDefinitionId"]) == (world.engineers.id, CONTRIBUTOR)

    shown = owner.json("managedservices", "definition", "show", "--definition", id)
    assert shown["properties"] == properties
    listed = owner.json("managedservices", "definition", "list")
    assert id in {each["name"] for each in listed}

    owner.run("managedservices", "definition", "delete", "--definition", id, "--yes")
    gone = owner.refused("managedservices", "definition", "show", "--definition", id)
    assert gone.code == "RegistrationDefinitionNotFound"


def test_an_assignment_is_created_shown_listed_and_deleted(shared_fyr, owner, contoso):
    definition, id = define(shared_fyr, owner), new_id()
    made = owner.json(
        *("managedservices", "assignment", "create", "--definition", definition),
        *("--assignment-id", id),
    )
    assert made["name"] == id
    assert made["properties"]["provisioningState"] == "Succeeded"

    show = ["managedservices", "assignment", "show", "--assignment", id]
    plain = owner.json(*show)["properties"]
    assert plain["registrationDefinitionId"].lower() == definition.lower()
    whole = owner.json(*show, "--include-definition")["properties"]["registrationDefinition"]
    assert whole["properties"]["managedByTenantId"] == shared_fyr.world.fabrikam.id
    assert id in {each["name"] for each in owner.json("managedservices", "assignment", "list")}

    refused = owner.rest_refused("delete", f"{definition}?{VERSION}")
    assert refused.code == "InvalidRegistrationDefinitionDeleteRequest"

    owner.run("managedservices", "assignment", "delete", "--assignment", id, "--yes")
    assert owner.refused(*show).code == "RegistrationAssignmentNotFound"
    owner.run("managedservices", "definition", "delete", "--definition", definition, "--yes")


def test_one_resource_group_is_delegated_and_not_its_namesake(shared_fyr, owner, contoso):
    world, definition = shared_fyr.world, define(shared_fyr, owner)
    group = contoso.group_scope
    assignment = f"{group}/{PROVIDER}/registrationAssignments/{new_id()}?{VERSION}"
    made = owner.rest("put", assignment, {"properties": {"registrationDefinitionId": definition}})
    assert made["properties"]["provisioningState"] == "Accepted"

    engineer = shared_fyr.az_as(world.engineer)
    assert contoso.id in engineer.subscriptions()
    seen = engineer.json("group", "list", "--subscription", contoso.id)
    assert [each["name"] for each in seen] == [contoso.group]
    longer = f"{contoso.scope}/resourceGroups/{contoso.longer_group}?api-version=2021-04-01"
    assert engineer.rest_refused("get", longer).code == "AuthorizationFailed"

    # A list at the subscription holds the assignments of its groups, too.
    listed = owner.json("managedservices", "assignment", "list")
    assert assignment.split("?")[0].lower() in {each["id"].lower() for each in listed}
    owner.rest("delete", assignment)
    owner.rest("delete", f"{definition}?{VERSION}")


def test_eligible_authorizations_are_kept_and_shown(shared_fyr, owner, contoso):
    world = shared_fyr.world
    policy = {"multiFactorAuthProvider": "Azure", "maximumActivationDuration": "PT4H"}
    eligible = granting(world.readers, CONTRIBUTOR) | {"justInTimeAccessPolicy": policy}
    body = offering(world, [granting(world.readers, READER)])
    body["properties"]["eligibleAuthorizations"] = [eligible]
    definition = f"{definition_id(contoso)}?{VERSION}"
    owner.rest("put", definition, body)
    [kept] = owner.rest("get", definition)["properties"]["eligibleAuthorizations"]
    assert kept["justInTimeAccessPolicy"]["maximumActivationDuration"] == "PT4H"
    owner.rest("delete", definition)


def test_lists_are_filtered_by_managing_tenant(shared_fyr, owner, contoso):
    world, definition = shared_fyr.world, define(shared_fyr, owner)
    listed = f"{contoso.scope}/{PROVIDER}/registrationDefinitions?{VERSION}&$filter=managedByTenantId"
    found = owner.rest("get", f"{listed} eq '{world.fabrikam.id}'")["value"]
    assert definition.lower() in {each["id"].lower() for each in found}
    assert owner.rest("get", f"{listed} eq '{world.northwind.id}'")["value"] == []
    owner.rest("delete", f"{definition}?{VERSION}")


@pytest.mark.parametrize(
    "role", [OWNER, BLOB_DATA_READER, new_id()], ids=["owner", "with data actions", "unknown"]
)
def test_a_role_that_cannot_be_delegated_is_refused(shared_fyr, owner, contoso, role):
    world = shared_fyr.world
    body = offering(world, [granting(world.engineers, role)])
    refused = owner.rest_refused("put", f"{definition_id(contoso)}?{VERSION}", body)
    assert refused.code.startswith("InvalidRegistrationDefinition"), refused
    assert role in refused.message or "data actions" in refused.message, refused


def test_a_tenant_does_not_manage_itself(shared_fyr, owner, contoso):
    world = shared_fyr.world
    body = offering(world, [granting(world.owner, READER)])
    body["properties"]["managedByTenantId"] = world.contoso.id
    refused = owner.rest_refused("put", f"{definition_id(contoso)}?{VERSION}", body)
    assert refused.code == "InvalidRegistrationDefinitionCreateRequest"


def test_a_definition_keeps_its_managing_tenant(shared_fyr, owner):
    world, definition = shared_fyr.world, define(shared_fyr, owner)
    body = offering(world, [granting(world.engineers, READER)])
    body["properties"]["managedByTenantId"] = world.northwind.id
    refused = owner.rest_refused("put", f"{definition}?{VERSION}", body)
    assert refused.code == "RegistrationDefinitionInvalidUpdate"
    owner.rest("delete", f"{definition}?{VERSION}")


def test_a_definition_stands_at_the_subscription_only(shared_fyr, owner, contoso):
    world = shared_fyr.world
    group = contoso.group_scope
    definition = f"{group}/{PROVIDER}/registrationDefinitions/{new_id()}?{VERSION}"
    refused = owner.rest_refused("put", definition, offering(world, [granting(world.readers, READER)]))
    assert refused.code == "InvalidRegistrationDefinitionUri"


def test_the_same_definition_is_not_assigned_twice(shared_fyr, owner, contoso):
    definition = define(shared_fyr, owner)
    body = {"properties": {"registrationDefinitionId": definition}}
    first, second = (f"{assignment_id(contoso)}?{VERSION}" for _ in range(2))
    owner.rest("put", first, body)
    refused = owner.rest_refused("put", second, body)
    assert refused.code == "MultipleRegistrationAssignmentsNotAllowed"
    owner.rest("delete", first)
    owner.rest("delete", f"{definition}?{VERSION}")


def test_an_owner_of_one_resource_group_does_not_delegate_it(shared_fyr, owner, contoso):
    definition = define(shared_fyr, owner)
    group_owner = shared_fyr.az_as(shared_fyr.world.group_owner)
    assignment = f"{contoso.group_scope}/{PROVIDER}/registrationAssignments/{new_id()}?{VERSION}"
    body = {"properties": {"registrationDefinitionId": definition}}
    refused = group_owner.rest_refused("put", assignment, body)
    assert refused.code == "InsufficientPrivilegesForManagedServiceResource"
    owner.rest("delete", f"{definition}?{VERSION}")


def test_an_owner_through_nested_groups_delegates(shared_fyr):
    deputy = shared_fyr.az_as(shared_fyr.world.deputy)
    definition = define(shared_fyr, deputy)
    deputy.rest("delete", f"{definition}?{VERSION}")


def test_one_guid_in_two_subscriptions_is_two_definitions(shared_fyr, owner, contoso):
    world = shared_fyr.world
    neighbour, id = shared_fyr.az_as(world.neighbour), new_id()
    path = f"{PROVIDER}/registrationDefinitions/{id}?{VERSION}"
    here, there = f"{contoso.scope}/{path}", f"{world.northwind.subscription.scope}/{path}"
    ours, theirs = (offering(world, [granting(world.readers, READER)]) for _ in range(2))
    owner.rest("put", here, ours)
    neighbour.rest("put", there, theirs)
    kept = owner.rest("get", here)["properties"]["registrationDefinitionName"]
    assert kept == ours["properties"]["registrationDefinitionName"]
    neighbour.rest("delete", there)
    assert owner.rest("get", here)["name"] == id
    owner.rest("delete", here)


def definition_id(subscription):
    return f"{subscription.scope}/{PROVIDER}/registrationDefinitions/{new_id()}"


def assignment_id(subscription):
    return f"{subscription.scope}/{PROVIDER}/registrationAssignments/{new_id()}"


def define(fyr, owner):
    """A definition that makes the engineers Contributor; returns its whole id."""
    world = fyr.world
    id = definition_id(world.contoso.subscription)
    owner.rest("put", f"{id}?{VERSION}", offering(world, [granting(world.engineers, CONTRIBUTOR)]))
    return id


def offering(world, authorizations):
    return {
        "properties": {
            "registrationDefinitionName": draw("offer "),
            "managedByTenantId": world.fabrikam.id,
            "authorizations": authorizations,
        }
    }


def granting(principal, role):
    return {"principalId": principal.id, "roleDefinitionId": role}
