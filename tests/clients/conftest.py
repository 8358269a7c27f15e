"""What the stories of this folder start from.

Run them with `cargo xtask test --clients`, which prepares `.venv` and the release binary; pytest's
arguments follow: `cargo xtask test --clients -- -k story`.

Two workers share the tests (`-n 2`; `-n 0` is one after the other, with a debugger if need be). Each
test has a server of its own, or shares one with the tests of its file on the same worker.
"""

import fcntl
import json
from contextlib import contextmanager
from pathlib import Path

import pytest

from az import Az
from roles import CONTRIBUTOR, DELETE_ROLE, READER
from server import PROJECT, Server
from world import App, World, draw

SAMPLES = PROJECT / "tests" / "samples" / "lighthouse" / "templates"
ONBOARDING = SAMPLES / "delegated-resource-management" / "subscription"


class Fyr:
    """A running server, its world, and az for everybody in it."""

    def __init__(self, folder, profile):
        self.folder, self.profile, self.world = folder, profile, World()
        self.server = Server(folder, self.world, profile)
        self.signed_in = {}

    def start(self):
        self.server.wait_until_ready()
        self.az = Az(self.server.origin, self.server.ca, self.folder / "az")
        self.az.folder.mkdir()
        self.az.register_cloud()

    def az_as(self, somebody):
        """az, signed in as a person (device code) or an application (secret), once."""
        if somebody.id not in self.signed_in:
            az = self.az.copy(self.folder / f"az-{somebody.name}")
            if isinstance(somebody, App):
                az.sign_in_app(somebody)
            else:
                az.sign_in_person(somebody)
            self.signed_in[somebody.id] = az
        return self.signed_in[somebody.id]


PROFILES = ["azure", "strict"]


@contextmanager
def running(folder, profile):
    """A fresh `fyr up` with a world that nobody has seen before."""
    fyr = Fyr(folder, profile)
    try:
        fyr.start()
        yield fyr
    finally:
        fyr.server.stop()


@pytest.fixture
def port_443(tmp_path_factory):
    """The one 127.0.0.1:443, for one test at a time, whichever worker it runs on."""
    with (tmp_path_factory.getbasetemp().parent / "port-443").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(params=PROFILES)
def fyr(request, tmp_path):
    """A server for this test alone, in each profile."""
    with running(tmp_path, request.param) as fyr:
        yield fyr


@pytest.fixture(scope="module", params=PROFILES)
def shared_fyr(request, tmp_path_factory):
    """A server for a file of tests that do not meet, since each makes its own definitions."""
    with running(tmp_path_factory.mktemp(request.param), request.param) as fyr:
        yield fyr


@pytest.fixture
def offer(fyr, tmp_path):
    """Fabrikam's offer, as the stock template's own parameter file with its blanks filled in."""
    world = fyr.world
    authorizations = [
        authorization(world.engineers, CONTRIBUTOR),
        authorization(world.engineers, DELETE_ROLE),
        authorization(world.readers, READER),
        authorization(world.automation, READER),
    ]
    filled = json.loads((ONBOARDING / "subscription.parameters.json").read_text())
    name = draw("Managed by Fabrikam ")
    filled["parameters"] |= {
        "mspOfferName": {"value": name},
        "mspOfferDescription": {"value": "Round the clock"},
        "managedByTenantId": {"value": world.fabrikam.id},
        "authorizations": {"value": authorizations},
    }
    file = tmp_path / "offer.parameters.json"
    file.write_text(json.dumps(filled, indent=2))
    return Offer(name, ONBOARDING / "subscription.json", file)


class Offer:
    def __init__(self, name, template: Path, parameters: Path):
        self.name, self.template, self.parameters = name, template, parameters


def authorization(principal, role):
    return {
        "principalId": principal.id,
        "principalIdDisplayName": principal.name,
        "roleDefinitionId": role,
    }
