"""`az deployment`: what-if before it, complete mode, exports, and what is told afterwards."""

import json

import pytest
from world import draw

SCHEMA = "https://schema.management.azure.com/schemas"
AT_GROUP = f"{SCHEMA}/2019-04-01/deploymentTemplate.json#"
AT_SUBSCRIPTION = f"{SCHEMA}/2018-05-01/subscriptionDeploymentTemplate.json#"


@pytest.fixture
def pipeline(shared_fyr):
    """Contoso's pipeline, an application that owns the subscription."""
    return shared_fyr.az_as(shared_fyr.world.pipeline)


def template(folder, schema, *resources):
    """A template file, with a comment, which az sends as it is."""
    body = {"$schema": schema, "contentVersion": "1.0.0.0", "resources": list(resources)}
    file = folder / f"{draw('t')}.json"
    file.write_text(f"// {len(resources)} resources\n{json.dumps(body, indent=2)}\n")
    return str(file)


def account(name, **tags):
    kind = "Microsoft.Storage/storageAccounts"
    where = {"name": name, "location": "westeurope", "tags": tags}
    return {"type": kind, "apiVersion": "2022-09-01", "properties": {}} | where


def group(name):
    kind = "Microsoft.Resources/resourceGroups"
    return {"type": kind, "apiVersion": "2022-09-01", "name": name, "location": "westeurope"}


def changes(answer):
    return {each["resourceId"].rsplit("/", 1)[1]: each["changeType"] for each in answer["changes"]}


def names(operations):
    told = [each["properties"] for each in operations]
    return [
        (each["provisioningOperation"], (each.get("targetResource") or {}).get("resourceName"))
        for each in told
    ]


def test_a_group_is_foretold_deployed_and_shown_at_the_subscription(pipeline, tmp_path):
    made, name = draw("made"), draw("d")
    file = template(tmp_path, AT_SUBSCRIPTION, group(made))
    asked = ["--location", "westeurope", "--template-file", file, "--name", name]
    foretold = pipeline.json("deployment", "sub", "what-if", *asked, "--no-pretty-print")
    assert changes(foretold) == {made: "Create"}
    assert pipeline.run("group", "exists", "--name", made).strip() == "false"

    done = pipeline.json("deployment", "sub", "create", *asked)
    assert done["properties"]["provisioningState"] == "Succeeded"
    again = pipeline.json("deployment", "sub", "what-if", *asked, "--no-pretty-print")
    assert changes(again) == {made: "NoChange"}
    shown = pipeline.json("deployment", "sub", "show", "--name", name)
    assert [each["id"].rsplit("/", 1)[1] for each in shown["properties"]["outputResources"]] == [made]
    listed = pipeline.json("deployment", "operation", "sub", "list", "--name", name)
    assert names(listed) == [("Create", made), ("EvaluateDeploymentOutput", None)]

    exported = pipeline.json("deployment", "sub", "export", "--name", name)
    assert exported["resources"] == [group(made)]
    late = pipeline.refused("deployment", "sub", "cancel", "--name", name)
    assert late.code == "DeploymentCannotBeCancelled"
    pipeline.run("deployment", "sub", "delete", "--name", name)
    assert pipeline.refused("deployment", "sub", "show", "--name", name).code == "DeploymentNotFound"
    assert pipeline.run("group", "exists", "--name", made).strip() == "true"


def test_complete_mode_does_to_a_group_what_was_foretold(pipeline, tmp_path):
    where, kept, old, new = draw("g"), draw("kept"), draw("old"), draw("new")
    pipeline.run("group", "create", "--name", where, "--location", "westeurope")
    first = template(tmp_path, AT_GROUP, account(kept, a="1"), account(old))
    at = ["--resource-group", where]
    pipeline.run("deployment", "group", "create", *at, "--template-file", first, "--name", "first")

    second = template(tmp_path, AT_GROUP, account(kept, a="2"), account(new))
    asked = [*at, "--template-file", second, "--name", "second", "--mode", "Complete"]
    foretold = pipeline.json("deployment", "group", "what-if", *asked, "--no-pretty-print")
    assert changes(foretold) == {kept: "Modify", new: "Create", old: "Delete"}
    [modified] = [each for each in foretold["changes"] if each["changeType"] == "Modify"]
    [tag] = modified["delta"]
    assert (tag["path"], tag["before"], tag["after"]) == ("tags.a", "1", "2")
    printed = pipeline.run("deployment", "group", "what-if", *asked)
    assert "Resource changes: 1 to delete, 1 to create, 1 to modify." in printed

    pipeline.run("deployment", "group", "create", *asked)
    left = {each["name"] for each in pipeline.json("resource", "list", *at)}
    assert left == {kept, new}
    listed = pipeline.json("deployment", "operation", "group", "list", *at, "--name", "second")
    assert ("Delete", old) in names(listed)


def test_an_exported_group_would_change_nothing(pipeline, tmp_path):
    where, name = draw("g"), draw("a")
    pipeline.run("group", "create", "--name", where, "--location", "westeurope")
    at = ["--resource-group", where]
    first = template(tmp_path, AT_GROUP, account(name, a="[[literal]"))
    pipeline.run("deployment", "group", "create", *at, "--template-file", first, "--name", "first")
    exported = pipeline.json("group", "export", "--name", where, "--include-parameter-default-value")
    file = tmp_path / "exported.json"
    file.write_text(json.dumps(exported))
    asked = [*at, "--template-file", str(file), "--mode", "Complete", "--no-pretty-print"]
    assert changes(pipeline.json("deployment", "group", "what-if", *asked)) == {name: "NoChange"}


def test_what_would_fail_is_told_by_what_if(shared_fyr, tmp_path):
    clerk = shared_fyr.az_as(shared_fyr.world.clerk)
    contoso, owner = shared_fyr.world.contoso.subscription, shared_fyr.world.owner
    grant = {
        "type": "Microsoft.Authorization/roleAssignments",
        "apiVersion": "2022-04-01",
        "name": "[guid(resourceGroup().id)]",
        "properties": {
            "principalId": owner.id,
            "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', "
            "'acdd72a7-3385-48ef-bd42-f606fba81ae7')]",
        },
    }
    file = template(tmp_path, AT_GROUP, grant)
    asked = ["--resource-group", contoso.group, "--template-file", file]
    code, out, errors = clerk.attempt("deployment", "group", "what-if", *asked)
    assert code != 0, out
    assert "InvalidTemplateDeployment" in errors, errors
    assert "AuthorizationFailed" in errors, errors
