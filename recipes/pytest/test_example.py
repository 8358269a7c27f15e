"""What a test against Fyr looks like: the SDK, told where the cloud is."""

from azure.identity import ClientSecretCredential
from azure.mgmt.resource import ResourceManagementClient


def test_the_pipeline_makes_a_group_and_finds_it(fyr):
    credential = ClientSecretCredential(**fyr.pipeline, **fyr.credential_options)
    client = ResourceManagementClient(credential, fyr.subscription, **fyr.client_options)
    client.resource_groups.create_or_update("made", {"location": "westeurope"})
    assert {group.name for group in client.resource_groups.list()} == {"app", "made"}
