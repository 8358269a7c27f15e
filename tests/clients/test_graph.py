"""The directory through `az ad` and Microsoft's own Graph library: people, groups, applications, and
roles that are assigned to them by name.
"""

import asyncio
import json

import httpx
import pytest
from azure.identity import ClientSecretCredential
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from kiota_authentication_azure.azure_identity_authentication_provider import (
    AzureIdentityAuthenticationProvider,
)
from msgraph_core import BaseGraphRequestAdapter, GraphClientFactory

from conftest import running
from world import App, Person, draw


@pytest.fixture(scope="module")
def fyr(tmp_path_factory):
    """The profiles do not differ in the directory: one server will do."""
    with running(tmp_path_factory.mktemp("graph"), "azure") as fyr:
        yield fyr


@pytest.fixture(scope="module")
def owner(fyr):
    """Contoso's owner, who is its Global Administrator, too."""
    return fyr.az_as(fyr.world.owner)


def test_a_person_is_made_signs_in_and_goes(fyr, owner):
    contoso = fyr.world.contoso
    bob = Person(draw("bob"), contoso)
    password = f"Aa1!{bob.password}"
    made = owner.json(
        "ad", "user", "create", "--display-name", "Bob", "--password", password,
        "--user-principal-name", bob.sign_in_name,
    )
    assert made["userPrincipalName"] == bob.sign_in_name
    assert owner.json("ad", "signed-in-user", "show")["userPrincipalName"] == fyr.world.owner.sign_in_name
    assert owner.json("ad", "user", "show", "--id", bob.sign_in_name)["id"] == made["id"]
    names = {each["userPrincipalName"] for each in owner.json("ad", "user", "list")}
    assert bob.sign_in_name in names and fyr.world.engineer.sign_in_name not in names

    scope = contoso.subscription.scope
    granted = ["--assignee", bob.sign_in_name, "--role", "Reader", "--scope", scope]
    owner.run("role", "assignment", "create", *granted)
    [held] = owner.json("role", "assignment", "list", *granted[:2], "--scope", scope)
    assert (held["principalName"], held["principalId"]) == (bob.sign_in_name, made["id"])
    signed_in = fyr.az_as(Person(bob.name, contoso, made["id"], password))
    assert contoso.subscription.id in signed_in.subscriptions()
    owner.run("role", "assignment", "delete", *granted)

    owner.run("ad", "user", "delete", "--id", made["id"])
    code, _, errors = owner.attempt("ad", "user", "show", "--id", bob.sign_in_name)
    assert code == 3, errors


def test_a_group_is_made_and_people_come_and_go(fyr, owner):
    name, clerk = draw("group"), fyr.world.clerk.id
    owner.run("ad", "group", "create", "--display-name", name, "--mail-nickname", name)
    member = ["--group", name, "--member-id", clerk]
    owner.run("ad", "group", "member", "add", *member)
    assert owner.json("ad", "group", "member", "check", *member) == {"value": True}
    listed = owner.json("ad", "group", "member", "list", "--group", name)
    assert [each["id"] for each in listed] == [clerk]
    owner.run("ad", "group", "member", "remove", *member)
    assert owner.json("ad", "group", "member", "check", *member) == {"value": False}
    owner.run("ad", "group", "delete", "--group", name)


def test_whoever_owns_a_group_or_an_application_manages_it(fyr, owner):
    name, person = draw("owned"), fyr.world.clerk
    owner.run("ad", "group", "create", "--display-name", name, "--mail-nickname", name)
    app = owner.json("ad", "app", "create", "--display-name", name)["appId"]
    clerk, things = fyr.az_as(person), [("group", "--group", name), ("app", "--id", app)]
    member = ["ad", "group", "member", "add", "--group", name, "--member-id", person.id]
    secret = ["ad", "app", "credential", "reset", "--id", app, "--append"]
    for refused in (member, secret):
        code, _, errors = clerk.attempt(*refused)
        assert code != 0 and "Insufficient privileges" in errors, errors
    for kind, option, value in things:
        owner.run("ad", kind, "owner", "add", option, value, "--owner-object-id", person.id)
        listed = owner.json("ad", kind, "owner", "list", option, value)
        assert person.id in {each["id"] for each in listed}
    clerk.run(*member)
    assert clerk.json(*secret)["password"]
    owner.run("ad", "app", "owner", "remove", "--id", app, "--owner-object-id", person.id)
    code, _, errors = clerk.attempt(*secret)
    assert code != 0 and "Insufficient privileges" in errors, errors
    owner.run("ad", "group", "delete", "--group", name)
    owner.run("ad", "app", "delete", "--id", app)


def test_an_application_is_made_for_a_role_and_signs_in(fyr, owner):
    contoso, name = fyr.world.contoso, draw("robot")
    scope = contoso.subscription.scope
    made = owner.json(
        "ad", "sp", "create-for-rbac", "--name", name, "--role", "Reader", "--scopes", scope
    )
    robot = App(name, contoso, app_id=made["appId"], secret=made["password"])
    assert contoso.subscription.id in fyr.az_as(robot).subscriptions()

    reset = owner.json("ad", "app", "credential", "reset", "--id", made["appId"])
    again = App(f"{name}-again", contoso, app_id=made["appId"], secret=reset["password"])
    fyr.az_as(again)
    code, _, _ = fyr.az.copy(fyr.folder / "az-old").attempt(
        "login", "--service-principal", "--username", robot.app_id, f"--password={robot.secret}",
        "--tenant", contoso.id, "--allow-no-subscriptions",
    )
    assert code != 0, "the secret before is no longer good"
    owner.run("ad", "app", "delete", "--id", made["appId"])


def test_an_application_and_its_principal_are_made_one_after_the_other(owner):
    app = owner.json("ad", "app", "create", "--display-name", draw("app"))
    made = owner.json("ad", "sp", "create", "--id", app["appId"])
    assert owner.json("ad", "sp", "show", "--id", app["appId"])["id"] == made["id"]
    owner.run("ad", "sp", "delete", "--id", app["appId"])


def test_whoever_holds_no_role_changes_nothing(fyr):
    clerk = fyr.az_as(fyr.world.clerk)
    code, _, errors = clerk.attempt(
        "ad", "group", "create", "--display-name", "mine", "--mail-nickname", "mine"
    )
    assert code != 0 and "Insufficient privileges to complete the operation." in errors


def test_the_graph_library_reads_what_its_application_may(fyr):
    async def users():
        pipeline, origin = fyr.world.pipeline, fyr.server.origin
        graph = fyr.az.json("cloud", "show")["endpoints"]["microsoftGraphResourceId"].rstrip("/")
        credential = ClientSecretCredential(
            pipeline.tenant.id,
            pipeline.app_id,
            pipeline.secret,
            authority=origin,
            disable_instance_discovery=True,
            connection_verify=str(fyr.server.ca),
        )
        provider = AzureIdentityAuthenticationProvider(
            credential,
            scopes=[f"{graph}/.default"],
            allowed_hosts=["localhost"],
        )
        client = GraphClientFactory.create_with_default_middleware(
            client=httpx.AsyncClient(verify=str(fyr.server.ca))
        )
        adapter = BaseGraphRequestAdapter(provider, http_client=client)
        adapter.base_url = f"{graph}/v1.0"
        request = RequestInformation(Method.GET, "{+baseurl}/users", {})
        return json.loads(await adapter.send_primitive_async(request, "bytes", {}))

    names = {each["userPrincipalName"] for each in asyncio.run(users())["value"]}
    assert fyr.world.owner.sign_in_name in names
    assert fyr.world.engineer.sign_in_name not in names
