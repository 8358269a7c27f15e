"""`docs/just-in-time.md`, command by command, as a reader would follow it; and az of whoever has an
authenticator; and an SDK that lets people of its own tenant activate something.
"""

import uuid

import authenticator
import jwt
from page import follow
from roles import CONTRIBUTOR
from server import PROJECT
from test_python_sdk import Sdk
from world import draw

PIM = "api-version=2020-10-01"
PAGE = PROJECT / "docs" / "just-in-time.md"


def test_the_page_leads_from_a_delegation_to_a_role_that_ends_by_itself(tmp_path, port_443):
    follow(PAGE.read_text(), tmp_path, {})


def test_az_of_whoever_has_an_authenticator_says_that_a_code_was_shown(fyr):
    owner = fyr.world.owner
    authenticator.set_up(fyr.server, owner)
    claims = jwt.decode(fyr.az_as(owner).token(), options={"verify_signature": False})
    assert claims["amr"] == ["pwd", "mfa", "otp"]


def test_an_sdk_lets_its_own_tenants_people_activate_and_takes_it_away(fyr):
    world, subscription = fyr.world, fyr.world.contoso.subscription
    scope, who = subscription.scope, world.group_owner
    role = f"{scope}/providers/Microsoft.Authorization/roleDefinitions/{CONTRIBUTOR}"
    client = Sdk(fyr, world.pipeline).authorization(subscription)

    def wanted(kind):
        month = {"expiration": {"type": "AfterDuration", "duration": "P30D"}}
        asked = {"principalId": who.id, "roleDefinitionId": role, "requestType": kind}
        return {"properties": asked | {"scheduleInfo": month}}

    requests, name = client.role_eligibility_schedule_requests, str(uuid.uuid4())
    tried = requests.validate(scope, name, wanted("AdminAssign"))
    assert (tried.name, list(requests.list_for_scope(scope))) == (name, [])
    made = requests.create(scope, name, wanted("AdminAssign"))
    assert (made.status, made.requestor_id) == ("Provisioned", world.pipeline.id)
    assert requests.get(scope, name).target_role_eligibility_schedule_id == name
    filtered = f"principalId eq '{who.id}'"
    for found in (
        client.role_eligibility_schedules.list_for_scope(scope, filter=filtered),
        client.role_eligibility_schedule_instances.list_for_scope(scope, filter=filtered),
    ):
        [it] = found
        assert (it.name, it.principal_id, it.role_definition_id) == (name, who.id, role)

    az, group = fyr.az_as(who), draw("made")
    make = ("group", "create", "--name", group, "--location", "westeurope")
    assert az.refused(*make, "--subscription", subscription.id).code == "AuthorizationFailed"
    children = f"{scope}/providers/Microsoft.Authorization/eligibleChildResources"
    names = [it["name"] for it in az.rest("get", f"{children}?{PIM}")["value"]]
    assert {subscription.group, subscription.longer_group} <= set(names)
    asked = {"principalId": who.id, "roleDefinitionId": role, "requestType": "SelfActivate"}
    asked["linkedRoleEligibilityScheduleId"] = name
    held = f"{scope}/providers/Microsoft.Authorization/roleAssignmentScheduleRequests/{uuid.uuid4()}"
    answer = az.rest("put", f"{held}?{PIM}", {"properties": asked})
    assert answer["properties"]["status"] == "Provisioned"
    az.run(*make, "--subscription", subscription.id)

    gone = requests.create(scope, str(uuid.uuid4()), wanted("AdminRemove"))
    assert gone.status == "Revoked"
    assert az.refused(*make, "--subscription", subscription.id).code == "AuthorizationFailed"
    tie = f"{CONTRIBUTOR}_{CONTRIBUTOR}"
    policy = client.role_management_policy_assignments.get(scope, tie)
    assert (policy.role_definition_id, len(policy.effective_rules)) == (role, 8)
