"""Custom roles, who is denied what, and who can delegate: with the real Azure CLI and Python SDK."""

import json
import subprocess

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.authorization.models import Permission, RoleDefinition

from roles import OWNER, READER, USER_ACCESS_ADMINISTRATOR
from server import BINARY
from test_python_sdk import Sdk
from world import draw, new_id

RESTART = "Microsoft.Web/sites/restart/action"
GROUPS = "api-version=2021-04-01"
ROLE = "Microsoft.Authorization/roleAssignments:RoleDefinitionId"
# Readers may be made and unmade, as Azure's portal writes it.
READERS_ONLY = (
    "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR "
    f"(@Request[{ROLE}] ForAnyOfAnyValues:GuidEquals {{{READER}}})) AND "
    "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})) OR "
    f"(@Resource[{ROLE}] ForAnyOfAnyValues:GuidEquals {{{READER}}}))"
)


@pytest.fixture
def contoso(shared_fyr):
    return shared_fyr.world.contoso.subscription


@pytest.fixture
def owner(shared_fyr):
    return shared_fyr.az_as(shared_fyr.world.owner)


def as_file(name, scope, actions):
    """A custom role as az reads it from a file."""
    return json.dumps({"Name": name, "Actions": actions, "AssignableScopes": [scope]})


def test_a_custom_role_is_made_held_changed_and_removed(shared_fyr, owner, contoso):
    world, name = shared_fyr.world, draw("Operator ")
    written = as_file(name, contoso.scope, ["*/read"])
    made = owner.json("role", "definition", "create", "--role-definition", written)
    assert (made["roleName"], made["roleType"]) == (name, "CustomRole")
    again = owner.refused("role", "definition", "create", "--role-definition", written)
    assert again.code == "RoleDefinitionWithSameNameExists"

    group_owner = shared_fyr.az_as(world.group_owner)
    reading = f"{contoso.scope}/resourceGroups/{contoso.longer_group}?{GROUPS}"
    assert group_owner.rest_refused("get", reading).code == "AuthorizationFailed"
    whom = ["--assignee-object-id", world.group_owner.id, "--assignee-principal-type", "User"]
    held = owner.json("role", "assignment", "create", *whom, "--role", name, "--scope", contoso.scope)
    assert group_owner.rest("get", reading)["name"] == contoso.longer_group

    # What the role says now, whoever holds it holds now.
    narrower = made | {"permissions": [made["permissions"][0] | {"actions": [RESTART]}]}
    owner.json("role", "definition", "update", "--role-definition", json.dumps(narrower))
    assert group_owner.rest_refused("get", reading).code == "AuthorizationFailed"
    listed = owner.json("role", "definition", "list", "--name", name, "--custom-role-only", "true")
    assert [each["permissions"][0]["actions"] for each in listed] == [[RESTART]]

    assert owner.refused("role", "definition", "delete", "--name", name).code == (
        "RoleDefinitionHasAssignments"
    )
    owner.run("role", "assignment", "delete", "--ids", held["id"])
    owner.run("role", "definition", "delete", "--name", name)
    assert owner.json("role", "definition", "list", "--name", name) == []


def test_a_role_under_a_condition_gives_what_the_condition_lets(shared_fyr, owner, contoso):
    world, scope = shared_fyr.world, ["--scope", contoso.scope]
    somebody = ["--assignee-object-id", world.group_owner.id, "--assignee-principal-type", "User"]
    give = ["role", "assignment", "create", *somebody, "--role", USER_ACCESS_ADMINISTRATOR, *scope]
    for condition, said in [
        (READERS_ONLY.replace("@Request", "@Requests"), "`@Requests`, which has no attributes"),
        (READERS_ONLY.replace(ROLE, "Contoso.Roles/all:id"), "an attribute that nothing has"),
    ]:
        refused = owner.refused(*give, "--condition", condition, "--condition-version", "2.0")
        assert refused.code == "InvalidRoleAssignmentCondition"
        assert said in refused.message
    under = ["--condition", READERS_ONLY, "--condition-version", "2.0"]
    held = owner.json(*give, *under)
    assert (held["condition"], held["conditionVersion"]) == (READERS_ONLY, "2.0")
    listed = owner.json("role", "assignment", "list", "--assignee", world.group_owner.id, *scope)
    assert [each["condition"] for each in listed if each["id"] == held["id"]] == [READERS_ONLY]

    group_owner = shared_fyr.az_as(world.group_owner)
    whom = ["--assignee-object-id", world.clerk.id, "--assignee-principal-type", "User", *scope]
    made = group_owner.json("role", "assignment", "create", *whom, "--role", READER)
    refused = group_owner.refused("role", "assignment", "create", *whom, "--role", OWNER)
    assert refused.code == "AuthorizationFailed"
    group_owner.run("role", "assignment", "delete", "--ids", made["id"])
    owner.run("role", "assignment", "delete", "--ids", held["id"])


def test_nobody_denies_by_being_an_owner(owner, contoso):
    assert owner.json("role", "deny-assignment", "list") == []
    path = f"{contoso.scope}/providers/Microsoft.Authorization/denyAssignments/{new_id()}"
    refused = owner.rest_refused("put", f"{path}?api-version=2022-04-01", {"properties": {}})
    assert refused.code == "AuthorizationFailed"


def test_only_who_manages_the_directory_elevates(shared_fyr, owner):
    world, authorization = shared_fyr.world, "/providers/Microsoft.Authorization"
    path = f"{authorization}/elevateAccess?api-version=2016-07-01"
    deputy = shared_fyr.az_as(world.deputy)  # an owner, and nobody in the directory
    assert deputy.rest_refused("post", path).code == "AuthorizationFailed"
    own = f"{authorization}/roleAssignments?api-version=2022-04-01"
    own += f"&$filter=principalId eq '{world.owner.id}'"
    assert owner.rest_refused("get", own).code == "AuthorizationFailed"
    owner.rest("post", path)
    [made] = [each for each in owner.rest("get", own)["value"] if each["properties"]["scope"] == "/"]
    owner.rest("delete", f"{made['id']}?api-version=2022-04-01")
    assert owner.rest_refused("get", own).code == "AuthorizationFailed"


def test_the_python_sdk_writes_roles(shared_fyr, contoso):
    roles = Sdk(shared_fyr, shared_fyr.world.pipeline).authorization(contoso).role_definitions
    name, id = draw("Restarter "), new_id()

    def role(actions):
        return RoleDefinition(
            role_name=name,
            role_type="CustomRole",
            assignable_scopes=[contoso.scope],
            permissions=[Permission(actions=actions)],
        )

    made = roles.create_or_update(contoso.scope, id, role([RESTART]))
    assert (made.name, made.created_by) == (id, shared_fyr.world.pipeline.id)
    found = list(roles.list(contoso.scope, filter=f"roleName eq '{name}'"))
    assert [each.id for each in found] == [made.id]
    with pytest.raises(HttpResponseError) as refused:
        roles.create_or_update(contoso.scope, READER, role(["*"]))
    assert refused.value.error.code == "BuiltInRoleDefinitionReadOnly"
    assert roles.delete(contoso.scope, id).role_name == name
    assert roles.delete(contoso.scope, id) is None


def test_who_can_delegate_is_told_with_the_way(shared_fyr, owner, contoso):
    world = shared_fyr.world
    asked = f"{contoso.scope}/providers/Fyr.Access/whoCanDelegate?api-version=2026-12-01"
    told = {each["principalId"]: each for each in owner.rest("get", asked)["value"]}
    may = {world.owner.id, world.deputy.id, world.pipeline.id}
    assert {id for id, each in told.items() if each["canDelegate"]} == may
    assert set(told) == may | {world.guest.id}
    assert told[world.guest.id]["reason"]
    way = [group["displayName"] for group in told[world.deputy.id]["paths"][0]["groups"]]
    assert [name[: len("owners")] for name in way] == ["deputi", "owners"]
    command = [BINARY, "access", "who-can-delegate", contoso.scope, "-o", "json"]
    said = subprocess.run([*command, "--data", shared_fyr.server.data], capture_output=True, check=True)
    assert {each["principalId"] for each in json.loads(said.stdout)} == set(told)
