"""The main job, told with the real Azure CLI: a delegation from onboarding to its end."""

from datetime import datetime, timedelta, timezone

from roles import OWNER, READER
from world import draw, new_id

TENANT_CLAIM = "http://schemas.microsoft.com/identity/claims/tenantid"
NOT_DELEGATED = "InvalidAuthenticationTokenTenant"


def test_a_delegation_lasts_from_the_owners_yes_to_the_owners_no(fyr, offer):
    world = fyr.world
    contoso, northwind = world.contoso.subscription, world.northwind.subscription
    owner, engineer = fyr.az_as(world.owner), fyr.az_as(world.engineer)

    # Nobody has delegated anything yet.
    assert engineer.subscriptions() == {}

    # Contoso's owner deploys the stock onboarding template.
    deployed = owner.json(*deploying(offer))
    assert deployed["properties"]["provisioningState"] == "Succeeded"
    outputs = deployed["properties"]["outputs"]
    assert outputs["mspOfferName"]["value"] == f"Managed by {offer.name}"
    assignment = the_one(owner.json("managedservices", "assignment", "list"))
    assert assignment["properties"]["provisioningState"] == "Succeeded"

    # The engineer, signed in at home, sees Contoso's subscription, and only that one.
    [seen] = engineer.subscriptions().values()
    assert seen["id"] == contoso.id
    assert seen["homeTenantId"] == world.contoso.id
    assert seen["tenantId"] == world.fabrikam.id
    assert {"tenantId": world.fabrikam.id} in seen["managedByTenants"]

    # Her group is Contributor: she works there.
    engineer.run("account", "set", "--subscription", contoso.id)
    groups = {group["name"] for group in engineer.json("group", "list")}
    assert groups == {contoso.group, contoso.longer_group}
    tagged = engineer.json("group", "update", "--name", contoso.group, "--set", "tags.night=shift")
    assert tagged["tags"] == {"night": "shift"}
    made = draw("made")
    created = engineer.json(
        *("resource", "create", "--resource-group", contoso.group, "--name", made),
        *("--resource-type", "Microsoft.Storage/storageAccounts", "--properties", "{}"),
    )
    assert created["id"].lower() == storage_id(contoso, made).lower()

    # A Contributor grants nothing, and delegates nothing.
    refused = engineer.refused(
        *("role", "assignment", "create", "--scope", contoso.scope, "--role", OWNER),
        *("--assignee-object-id", world.engineer.id, "--assignee-principal-type", "User"),
    )
    assert refused.code == "AuthorizationFailed"
    definition = assignment["properties"]["registrationDefinitionId"]
    wider = {
        "registrationDefinitionName": offer.name,
        "managedByTenantId": world.fabrikam.id,
        "authorizations": [{"principalId": world.colleague.id, "roleDefinitionId": READER}],
    }
    refused = engineer.rest_refused("put", f"{definition}?api-version=2022-10-01", {"properties": wider})
    assert refused.code == "InsufficientPrivilegesForManagedServiceResource"

    # Her colleague in the readers' group only reads.
    reader = fyr.az_as(world.reader)
    assert contoso.id in reader.subscriptions()
    reader.run("account", "set", "--subscription", contoso.id)
    assert reader.json("group", "show", "--name", contoso.group)["tags"] == {"night": "shift"}
    refused = reader.refused("group", "update", "--name", contoso.group, "--set", "tags.night=off")
    assert refused.code == "AuthorizationFailed"

    # The provider's automation signs in with a secret and reads, too.
    automation = fyr.az_as(world.automation)
    assert contoso.id in automation.subscriptions()

    # A colleague in neither group has nothing there, although the tenants know each other.
    colleague = fyr.az_as(world.colleague)
    assert colleague.subscriptions() == {}
    group = f"{contoso.group_scope}?api-version=2021-04-01"
    refused = colleague.rest_refused_beyond("get", group)
    assert refused.code == nothing_there(fyr)

    # Northwind delegated nothing.
    group = f"{northwind.group_scope}?api-version=2021-04-01"
    nothing_is_learned(fyr, engineer.rest_refused_beyond("get", group), world.northwind)

    # Both sides read who did what: it is the same event.
    written = "Microsoft.Storage/storageAccounts/write"
    by_owner, by_engineer = events(owner, contoso, written), events(engineer, contoso, written)
    [event] = [event for event in by_owner if event["resourceId"].lower().endswith(f"/{made}")]
    assert event["caller"] == world.engineer.sign_in_name
    assert event["claims"][TENANT_CLAIM] == world.fabrikam.id
    assert event["eventDataId"] in {event["eventDataId"] for event in by_engineer}

    # The owner ends it, and the engineer's very next request is refused.
    owner.run("managedservices", "assignment", "delete", "--assignment", assignment["id"], "--yes")
    refused = engineer.refused("group", "show", "--name", contoso.group)
    nothing_is_learned(fyr, refused, world.contoso)
    assert engineer.subscriptions() == {}

    # What she made stays.
    assert owner.json("resource", "show", "--ids", storage_id(contoso, made))["name"] == made
    owner.run("managedservices", "definition", "delete", "--definition", definition, "--yes")


def test_the_provider_may_leave_by_the_delete_role(fyr, offer):
    world = fyr.world
    contoso = world.contoso.subscription
    owner = fyr.az_as(world.owner)
    owner.run(*deploying(offer))
    assignment = the_one(owner.json("managedservices", "assignment", "list"))

    reader = fyr.az_as(world.reader)
    reader.subscriptions()
    remove = ["managedservices", "assignment", "delete", "--assignment", assignment["id"], "--yes"]
    assert reader.refused(*remove, "--subscription", contoso.id).code == "AuthorizationFailed"

    engineer = fyr.az_as(world.engineer)
    engineer.subscriptions()
    engineer.run(*remove, "--subscription", contoso.id)
    assert engineer.subscriptions() == {}


def test_two_customers_accept_one_offer_and_stay_apart(fyr, offer):
    world = fyr.world
    contoso, northwind = world.contoso.subscription, world.northwind.subscription
    owner, neighbour = fyr.az_as(world.owner), fyr.az_as(world.neighbour)
    engineer = fyr.az_as(world.engineer)
    for customer in (owner, neighbour):  # the template makes the same GUIDs for both
        customer.run(*deploying(offer))
    assert set(engineer.subscriptions()) == {contoso.id, northwind.id}

    assignment = the_one(owner.json("managedservices", "assignment", "list"))
    owner.run("managedservices", "assignment", "delete", "--assignment", assignment["id"], "--yes")
    assert set(engineer.subscriptions()) == {northwind.id}
    assert len(neighbour.json("managedservices", "assignment", "list")) == 1


def test_the_provider_is_told_of_a_new_delegation_and_of_its_end(fyr, offer):
    world = fyr.world
    owner, auditor = fyr.az_as(world.owner), fyr.az_as(world.auditor)
    owner.run(*deploying(offer))
    assignment = the_one(owner.json("managedservices", "assignment", "list"))
    owner.run("managedservices", "assignment", "delete", "--assignment", assignment["id"], "--yes")

    since = datetime.now(timezone.utc) - timedelta(hours=1)
    path = "/providers/microsoft.insights/eventtypes/management/values?api-version=2015-04-01"
    page = f"{path}&$filter=eventTimestamp ge '{since:%Y-%m-%dT%H:%M:%SZ}'"
    told = set()
    for _ in range(20):  # pages; in the azure profile, the first is empty
        answer = auditor.rest("get", page)
        told |= {
            event["operationName"]["value"].lower()
            for event in answer["value"]
            if world.contoso.subscription.id in (event.get("description") or "")
        }
        page = answer.get("nextLink")
        if not page:
            break
    assert "microsoft.resources/tenants/register/action" in told
    assert "microsoft.resources/tenants/unregister/action" in told


def test_a_contributor_of_the_customer_does_not_delegate(fyr, offer):
    refused = fyr.az_as(fyr.world.clerk).refused(*deploying(offer))
    assert "InsufficientPrivilegesForManagedServiceResource" in refused, refused
    owner = fyr.az_as(fyr.world.owner)
    assert owner.json("managedservices", "definition", "list") == []


def test_an_owner_of_another_subscription_does_not_delegate_this_one(fyr):
    contoso = fyr.world.contoso.subscription
    definition = f"Microsoft.ManagedServices/registrationDefinitions/{new_id()}?api-version=2022-10-01"
    neighbour = fyr.az_as(fyr.world.neighbour)
    refused = neighbour.rest_refused_beyond("put", f"{contoso.scope}/providers/{definition}")
    nothing_is_learned(fyr, refused, fyr.world.contoso)


def nothing_is_learned(fyr, refused, home):
    """A caller from elsewhere is refused; only in the azure profile is the home tenant named."""
    if fyr.profile == "azure":
        assert refused.code == NOT_DELEGATED
        assert home.id in refused.message
        return
    assert home.id not in refused.message
    unknown = f"/subscriptions/{new_id()}/resourcegroups?api-version=2021-04-01"
    stranger = fyr.az_as(fyr.world.colleague).rest_refused_beyond("get", unknown)
    assert refused.code == stranger.code


def nothing_there(fyr):
    """What somebody of the managing tenant hears who was trusted with nothing."""
    return {"azure": "AuthorizationFailed", "strict": "SubscriptionNotFound"}[fyr.profile]


def deploying(offer):
    """What the customer's owner types to accept an offer."""
    return [
        *("deployment", "sub", "create", "--name", draw("onboarding"), "--location", "westeurope"),
        *("--template-file", str(offer.template), "--parameters", f"@{offer.parameters}"),
    ]


def events(az, subscription, operation):
    """The records of how such operations ended; a record of its begin stands beside each."""
    listed = az.json("monitor", "activity-log", "list", "--subscription", subscription.id)
    ended = [event for event in listed if event["eventName"]["value"] == "EndRequest"]
    return [event for event in ended if event["operationName"]["value"].lower() == operation.lower()]


def storage_id(subscription, name):
    return f"{subscription.group_scope}/providers/Microsoft.Storage/storageAccounts/{name}"


def the_one(things):
    [thing] = things
    return thing
