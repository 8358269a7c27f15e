"""A Fyr for your tests: copy this file and `world.yaml` beside them.

    def test_something(fyr):
        credential = ClientSecretCredential(**fyr.pipeline, **fyr.credential_options)

Needs `fyr` on the PATH, or its place in `FYR`.
"""

import json
import os
import shutil
import ssl
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# A cold start on a busy machine, with a margin.
START_SECONDS_MAX = 60


class Fyr:
    """A running server: where it is, and what clients need to reach it."""

    def __init__(self, data):
        self.data = data
        self.ca = data / "ca.pem"
        port = json.loads((data / "ports.json").read_text())["arm"].rsplit(":", 1)[1]
        self.endpoint = f"https://localhost:{port}"
        # As world.yaml declares them.
        self.tenant = "6a1f0c1e-58a3-4b0f-9f4c-3d2b7f1e9a10"
        self.subscription = "0d3b8f6a-2c47-4e19-8a55-71c6e9d40b22"
        self.pipeline = {
            "tenant_id": self.tenant,
            "client_id": "f2c9a7d4-6b18-4d3e-a0c5-94e8b7165f33",
            "client_secret": "seven wooden bridges",
        }

    @property
    def credential_options(self):
        """For the credentials of `azure-identity`."""
        return {
            "authority": self.endpoint,
            "disable_instance_discovery": True,
            "connection_verify": str(self.ca),
        }

    @property
    def client_options(self):
        """For the clients of `azure-mgmt-*`."""
        return {
            "base_url": self.endpoint,
            "credential_scopes": [f"{self.endpoint}/.default"],
            "connection_verify": str(self.ca),
        }

    @property
    def environment(self):
        """For `az` and whatever else is started; `fyr connect az` does the rest."""
        return os.environ | {
            "AZURE_CONFIG_DIR": str(self.data / "az"),
            "AZURE_CORE_INSTANCE_DISCOVERY": "false",
            "REQUESTS_CA_BUNDLE": str(self.ca),
        }

    def is_ready(self):
        try:
            trust = ssl.create_default_context(cafile=self.ca)
            with urllib.request.urlopen(f"{self.endpoint}/readyz", context=trust, timeout=5):
                return True
        except OSError:
            return False


@pytest.fixture(scope="session")
def fyr(tmp_path_factory):
    """One server for all tests, in a folder that pytest removes."""
    data = tmp_path_factory.mktemp("fyr") / "data"
    binary = os.environ.get("FYR") or shutil.which("fyr") or "fyr"
    command = [binary, "up", "--data", data, "--world", HERE / "world.yaml"]
    log = (data.parent / "fyr.log").open("wb")
    server = subprocess.Popen(
        [*command, "--listen", "127.0.0.1:0"], stdin=subprocess.DEVNULL, stdout=log, stderr=log
    )
    try:
        yield ready(server, data)
    finally:
        server.terminate()
        server.wait(30)


def ready(server, data):
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and server.poll() is None:
        if (data / "ports.json").exists() and (data / "ca.pem").exists():
            fyr = Fyr(data)
            if fyr.is_ready():
                return fyr
        time.sleep(0.1)
    raise AssertionError((data.parent / "fyr.log").read_text(errors="replace")[-4000:])
