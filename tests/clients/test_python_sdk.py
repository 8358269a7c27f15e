"""The main story through the Python SDK: what pipelines and onboarding scripts are written with.

Unmodified `azure-identity` and `azure-mgmt-*`; nothing but endpoints tells them that this is Fyr.
"""

import uuid

import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.managedservices import ManagedServicesClient
from azure.mgmt.managedservices.models import (
    Authorization,
    RegistrationAssignment,
    RegistrationAssignmentProperties,
    RegistrationDefinition,
    RegistrationDefinitionProperties,
)
from azure.mgmt.resource import ResourceManagementClient, SubscriptionClient

from roles import CONTRIBUTOR, OWNER
from world import draw


class Sdk:
    """The SDK's clients, signed in as one application with its secret."""

    def __init__(self, fyr, app, tenant=None):
        self.endpoints = {
            "base_url": fyr.server.origin,
            "credential_scopes": [f"{fyr.server.origin}/.default"],
            "connection_verify": str(fyr.server.ca),
        }
        self.credential = ClientSecretCredential(
            (tenant or app.tenant).id,
            app.app_id,
            app.secret,
            authority=fyr.server.origin,
            disable_instance_discovery=True,
            connection_verify=str(fyr.server.ca),
        )

    def managed_services(self):
        return ManagedServicesClient(self.credential, **self.endpoints)

    def subscriptions(self):
        return SubscriptionClient(self.credential, **self.endpoints).subscriptions

    def resources(self, subscription):
        return ResourceManagementClient(self.credential, subscription.id, **self.endpoints)

    def authorization(self, subscription):
        return AuthorizationManagementClient(self.credential, subscription.id, **self.endpoints)


def delegate(sdk, world, subscription):
    """The customer's pipeline accepts Fabrikam's offer; answers the assignment's name."""
    client, definition, assignment = sdk.managed_services(), str(uuid.uuid4()), str(uuid.uuid4())
    offered = RegistrationDefinition(
        properties=RegistrationDefinitionProperties(
            registration_definition_name=draw("Managed by Fabrikam "),
            managed_by_tenant_id=world.fabrikam.id,
            authorizations=[
                Authorization(
                    principal_id=world.automation.id,
                    principal_id_display_name=world.automation.name,
                    role_definition_id=CONTRIBUTOR,
                )
            ],
        )
    )
    defined = client.registration_definitions.begin_create_or_update(
        definition, subscription.scope, offered
    ).result()
    assert defined.properties.provisioning_state == "Succeeded"
    accepted = RegistrationAssignment(
        properties=RegistrationAssignmentProperties(registration_definition_id=defined.id)
    )
    client.registration_assignments.begin_create_or_update(
        subscription.scope, assignment, accepted
    ).result()
    return assignment


def test_a_pipeline_delegates_and_the_providers_automation_works_until_it_ends(fyr):
    world, subscription = fyr.world, fyr.world.contoso.subscription
    customer, provider = Sdk(fyr, world.pipeline), Sdk(fyr, world.automation)
    assert not list(provider.subscriptions().list())

    assignment = delegate(customer, world, subscription)

    [seen] = provider.subscriptions().list()
    assert (seen.subscription_id, seen.tenant_id) == (subscription.id, world.contoso.id)
    assert [it.tenant_id for it in seen.managed_by_tenants] == [world.fabrikam.id]
    resources = provider.resources(subscription)
    assert subscription.group in [it.name for it in resources.resource_groups.list()]
    made = resources.resource_groups.create_or_update(draw("made"), {"location": "westeurope"})
    assert resources.resource_groups.check_existence(made.name)
    resources.resource_groups.begin_delete(made.name).result()
    assert not resources.resource_groups.check_existence(made.name)

    with pytest.raises(HttpResponseError) as refused:
        provider.authorization(subscription).role_assignments.create(
            subscription.scope,
            str(uuid.uuid4()),
            {
                "role_definition_id": f"{subscription.scope}/providers/Microsoft.Authorization/roleDefinitions/{OWNER}",
                "principal_id": world.automation.id,
            },
        )
    assert refused.value.status_code == 403
    neighbour = provider.resources(world.northwind.subscription)
    with pytest.raises((ClientAuthenticationError, HttpResponseError)):
        list(neighbour.resource_groups.list())

    assignments = customer.managed_services().registration_assignments
    [shown] = assignments.list(subscription.scope, expand_registration_definition=True)
    assert shown.properties.registration_definition.properties.managed_by_tenant_id == world.fabrikam.id
    assignments.begin_delete(subscription.scope, assignment).result()

    with pytest.raises((ClientAuthenticationError, HttpResponseError)):
        list(resources.resource_groups.list())
    assert not list(provider.subscriptions().list())


def test_an_applications_secret_is_good_in_its_own_tenant_only(fyr):
    foreign = Sdk(fyr, fyr.world.automation, tenant=fyr.world.contoso)
    with pytest.raises(ClientAuthenticationError, match="AADSTS700016"):
        list(foreign.subscriptions().list())
