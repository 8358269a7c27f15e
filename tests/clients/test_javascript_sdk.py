"""The main story through the JavaScript SDK (`javascript/story.mjs`), judged here."""

import json
import os
import subprocess
from pathlib import Path

from roles import CONTRIBUTOR
from world import draw

FOLDER = Path(__file__).parent / "javascript"
SECONDS_MAX = 120


def signed_in(app):
    return {"tenant": app.tenant.id, "app": app.app_id, "secret": app.secret, "principal": app.id}


def test_an_applications_delegated_access_lasts_as_long_as_the_delegation(fyr):
    world = fyr.world
    given = {
        "origin": fyr.server.origin,
        "customer": signed_in(world.pipeline),
        "provider": signed_in(world.automation),
        "subscription": world.contoso.subscription.id,
        "neighbour": world.northwind.subscription.id,
        "offer": draw("Managed by Fabrikam "),
        "role": CONTRIBUTOR,
    }
    story = subprocess.run(
        ["node", "story.mjs"],
        cwd=FOLDER,
        env=os.environ | {"NODE_EXTRA_CA_CERTS": str(fyr.server.ca)},
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
    )
    assert story.returncode == 0, story.stderr
    seen = json.loads(story.stdout)

    assert seen["before"] == []
    assert seen["assigned"] == "Succeeded"
    assert seen["during"] == [[world.contoso.subscription.id, world.contoso.id]]
    assert world.contoso.subscription.group in seen["groups"]
    assert seen["roleAssignment"] == [403, "AuthorizationFailed"]
    gone = {
        "azure": [401, "InvalidAuthenticationTokenTenant"],
        "strict": [404, "SubscriptionNotFound"],
    }[fyr.profile]
    assert seen["neighbour"] == gone
    assert seen["ended"] == gone
    assert seen["after"] == []
