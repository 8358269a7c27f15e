"""Whoever tries to give themselves, or keep, what nobody gave them: with the real Azure CLI."""

import pytest
from roles import CONTRIBUTOR, DELETE_ROLE, READER, USER_ACCESS_ADMINISTRATOR
from world import draw, new_id

VERSION = "api-version=2022-10-01"
GROUPS = "api-version=2021-04-01"
ROLES = "api-version=2022-04-01"
PROVIDER = "providers/Microsoft.ManagedServices"
INSUFFICIENT = "InsufficientPrivilegesForManagedServiceResource"


@pytest.fixture
def owner(shared_fyr):
    """Contoso's owner, who may delegate."""
    return shared_fyr.az_as(shared_fyr.world.owner)


@pytest.fixture
def contoso(shared_fyr):
    return shared_fyr.world.contoso.subscription


@pytest.fixture
def delegate(owner, contoso):
    """Delegates a scope of Contoso's for the length of a test; returns both ids."""
    made = []

    def delegate(tenant, authorizations, scope=None):
        definition = f"{contoso.scope}/{PROVIDER}/registrationDefinitions/{new_id()}"
        owner.rest("put", f"{definition}?{VERSION}", offering(tenant, authorizations))
        assignment = f"{scope or contoso.scope}/{PROVIDER}/registrationAssignments/{new_id()}"
        body = {"properties": {"registrationDefinitionId": definition}}
        owner.rest("put", f"{assignment}?{VERSION}", body)
        made.append((definition, assignment))
        return definition, assignment

    yield delegate
    for definition, assignment in reversed(made):
        owner.rest("delete", f"{assignment}?{VERSION}")
        owner.rest("delete", f"{definition}?{VERSION}")


def test_a_guest_does_not_delegate_even_as_owner(shared_fyr, contoso):
    world = shared_fyr.world
    guest = shared_fyr.az_as(world.guest)
    group = f"{contoso.group_scope}?{GROUPS}"
    assert guest.rest("get", group)["name"] == contoso.group  # an owner he is
    definition = f"{contoso.scope}/{PROVIDER}/registrationDefinitions/{new_id()}?{VERSION}"
    body = offering(world.fabrikam, [granting(world.guest.person, CONTRIBUTOR)])
    refused = guest.rest_refused("put", definition, body)
    assert refused.code == INSUFFICIENT
    assert "DelegationRule" in refused, refused


def test_a_provider_sees_and_ends_only_its_own(shared_fyr, owner, contoso, delegate):
    world = shared_fyr.world
    roles = (CONTRIBUTOR, DELETE_ROLE)
    _, ours = delegate(world.fabrikam, [granting(world.engineers, role) for role in roles])
    theirs = [granting(world.competitor, role) for role in roles]
    definition, rivals = delegate(world.rival, theirs, contoso.group_scope)

    engineer = shared_fyr.az_as(world.engineer)
    engineer.subscriptions()
    listed = engineer.json("managedservices", "assignment", "list", "--subscription", contoso.id)
    assert [each["id"].lower() for each in listed] == [ours.lower()]
    listed = engineer.json("managedservices", "definition", "list", "--subscription", contoso.id)
    assert definition.lower() not in {each["id"].lower() for each in listed}
    page = engineer.rest("get", f"{contoso.scope}/{PROVIDER}/registrationAssignments?{VERSION}&$top=1")
    assert len(page["value"]) == 1 and not page.get("nextLink")

    nothing = rivals.rsplit("/", 1)[0] + f"/{new_id()}"
    for other in (rivals, nothing):  # hers to end is neither, and she cannot tell them apart
        refused = engineer.rest_refused("delete", f"{other}?{VERSION}")
        assert refused.code == INSUFFICIENT
        assert rivals.rsplit("/", 1)[1] not in refused.message
        assert "DelegationRule" in refused, refused
    competitor = shared_fyr.az_as(world.competitor)
    assert contoso.id in competitor.subscriptions()
    kept = competitor.rest("get", f"{rivals}?{VERSION}")
    assert kept["id"].lower() == rivals.lower()


def test_a_colleague_is_refused_and_told_what_it_takes_or_in_strict_nothing(shared_fyr, delegate):
    world = shared_fyr.world
    definition, assignment = delegate(world.fabrikam, [granting(world.engineers, CONTRIBUTOR)])
    colleague = shared_fyr.az_as(world.colleague)
    for id in (assignment, definition):
        refused = colleague.rest_refused_beyond("delete", f"{id}?{VERSION}")
        if shared_fyr.profile == "strict":
            # Whoever holds nothing there hears no more than a stranger.
            assert refused.code == "SubscriptionNotFound"
        else:
            assert refused.code == "AuthorizationFailed"
            assert "DelegationRule" in refused, refused


def test_an_update_narrows_access_at_once(shared_fyr, owner, contoso, delegate):
    world = shared_fyr.world
    definition, _ = delegate(world.fabrikam, [granting(world.engineers, CONTRIBUTOR)])
    engineer = shared_fyr.az_as(world.engineer)
    engineer.subscriptions()
    group = f"{contoso.group_scope}?{GROUPS}"
    tagged = engineer.rest("patch", group, {"tags": {"night": "shift"}})
    assert tagged["tags"] == {"night": "shift"}

    narrower = offering(world.fabrikam, [granting(world.engineers, READER)])
    owner.rest("put", f"{definition}?{VERSION}", narrower)

    refused = engineer.rest_refused("patch", group, {"tags": {"night": "off"}})
    assert refused.code == "AuthorizationFailed"
    assert engineer.rest("get", group)["tags"] == {"night": "shift"}


def test_a_user_access_administrator_serves_managed_identities_only(shared_fyr, owner, contoso, delegate):
    world = shared_fyr.world
    northwind = world.northwind.subscription
    administrator = granting(world.engineers, USER_ACCESS_ADMINISTRATOR)
    administrator["delegatedRoleDefinitionIds"] = [READER]
    delegate(world.fabrikam, [administrator, granting(world.engineers, READER)])

    robot, other = contoso.robot_id(contoso.robot), contoso.robot_id(contoso.other_robot)
    foreign = northwind.robot_id(northwind.robot)
    identity, others = acts_as(owner, robot), acts_as(owner, other)
    neighbour = shared_fyr.az_as(world.neighbour)
    engineer = shared_fyr.az_as(world.engineer)
    engineer.subscriptions()
    made = f"{contoso.scope}/providers/Microsoft.Authorization/roleAssignments/{new_id()}?{ROLES}"
    for why, body in {
        "a user": assigning(world.clerk.id, READER, robot),
        "an unlisted role": assigning(identity, CONTRIBUTOR, robot),
        "another resource's identity": assigning(others, READER, robot),
        "another tenant's identity": assigning(acts_as(neighbour, foreign), READER, foreign),
        "nothing said of its resource": assigning(identity, READER, None),
    }.items():
        refused = engineer.rest_refused("put", made, body)
        assert refused.code == "AuthorizationFailed", (why, refused)
    assert owner.rest("get", held_by(contoso, identity))["value"] == []

    engineer.rest("put", made, assigning(identity, READER, robot))
    [held] = owner.rest("get", held_by(contoso, identity))["value"]
    assert held["properties"]["roleDefinitionId"].endswith(READER)
    engineer.rest("delete", made)
    assert owner.rest("get", held_by(contoso, identity))["value"] == []


def acts_as(somebody, resource):
    """The object id of a resource's managed identity."""
    shown = somebody.rest("get", f"{resource}?api-version=2023-11-01")
    return shown["identity"]["principalId"]


def held_by(subscription, principal):
    path = f"{subscription.scope}/providers/Microsoft.Authorization/roleAssignments?{ROLES}"
    return f"{path}&$filter=principalId eq '{principal}'"


def assigning(principal, role, resource):
    properties = {
        "principalId": principal,
        "principalType": "ServicePrincipal",
        "roleDefinitionId": f"/providers/Microsoft.Authorization/roleDefinitions/{role}",
    }
    if resource:
        properties["delegatedManagedIdentityResourceId"] = resource
    return {"properties": properties}


def offering(tenant, authorizations):
    return {
        "properties": {
            "registrationDefinitionName": draw("offer "),
            "managedByTenantId": tenant.id,
            "authorizations": authorizations,
        }
    }


def granting(principal, role):
    return {"principalId": principal.id, "roleDefinitionId": role}
