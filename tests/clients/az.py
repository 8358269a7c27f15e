"""The Azure CLI from PyPI, unmodified, as one person or one application uses it."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import device_page

AZ = Path(sys.executable).parent / "az"
CLOUD = "Fyr"
# A refusal comes at once; only a deployment or a hidden retry takes longer.
SECONDS_MAX = 180


@dataclass(frozen=True)
class Refusal:
    """What az told about an error: ARM's code and message, and the codes of all its details."""

    code: str
    message: str
    codes: tuple

    def __contains__(self, code):
        return code in self.codes


class Az:
    """One sign-in: a configuration folder of its own, so that nobody sees another's tokens."""

    def __init__(self, origin, ca, folder):
        self.ca, self.folder, self.origin = ca, folder, origin
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "AZURE_CONFIG_DIR": str(folder),
            "REQUESTS_CA_BUNDLE": str(ca),
            "NO_PROXY": "localhost,127.0.0.1",
            "AZURE_CORE_INSTANCE_DISCOVERY": "false",
            "AZURE_CORE_COLLECT_TELEMETRY": "no",
            "AZURE_CORE_LOGIN_EXPERIENCE_V2": "off",
            "AZURE_CORE_NO_COLOR": "true",
        }

    def register_cloud(self):
        """Tells az where the cloud is; az finds the rest in its metadata."""
        self.run("cloud", "register", "--name", CLOUD, "--endpoint-resource-manager", self.origin)
        self.run("cloud", "set", "--name", CLOUD)

    def copy(self, folder):
        """The same cloud, nobody signed in."""
        shutil.copytree(self.folder, folder)
        return Az(self.origin, self.ca, folder)

    def sign_in_app(self, app):
        secret = ["--username", app.app_id, f"--password={app.secret}"]
        tenant = ["--tenant", app.tenant.id, "--allow-no-subscriptions"]
        self.run("login", "--service-principal", *secret, *tenant)

    def sign_in_person(self, person):
        """`az login --use-device-code`, with a person at the browser."""
        tenant = ["--tenant", person.tenant.id, "--allow-no-subscriptions"]
        login = self.start("login", "--use-device-code", *tenant)
        watch = threading.Timer(SECONDS_MAX, login.kill)
        watch.start()
        try:
            said = ""
            for line in login.stderr:
                said += line
                page, code = re.search(r"https://\S+", said), re.search(r"\bcode\s+([\w-]{4,})", said)
                if page and code:
                    device_page.sign_in(page[0].rstrip(".,"), code[1], person, self.ca)
                    break
            out, rest = login.communicate()
        finally:
            watch.cancel()
        assert login.returncode == 0, f"az login as {person.sign_in_name}:\n{said}{rest}{out}"

    def start(self, *arguments):
        return subprocess.Popen(
            [AZ, *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def attempt(self, *arguments):
        """Runs az; returns its exit code and both outputs."""
        process = self.start(*arguments)
        try:
            out, errors = process.communicate(timeout=SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            raise AssertionError(f"az {' '.join(arguments)} took over {SECONDS_MAX} s") from None
        return process.returncode, out, errors

    def run(self, *arguments):
        """Runs az, which must succeed; returns what it printed."""
        code, out, errors = self.attempt(*arguments)
        assert code == 0, f"az {' '.join(arguments)} ended with {code}:\n{errors}{out}"
        return out

    def json(self, *arguments):
        """Runs az and reads its output; `None` where it prints nothing."""
        out = self.run(*arguments, "--output", "json")
        return json.loads(out) if out.strip() else None

    def refused(self, *arguments):
        """Runs az, which must be refused; returns the refusal."""
        code, out, errors = self.attempt(*arguments)
        assert code != 0, f"az {' '.join(arguments)} should have been refused:\n{out}"
        return refusal(errors)

    def rest(self, method, path, body=None):
        """`az rest` with a path and an api-version; `body` is JSON."""
        return self.json(*self.rest_arguments(method, path, body))

    def rest_refused(self, method, path, body=None):
        return self.refused(*self.rest_arguments(method, path, body))

    def token(self, *arguments):
        """The access token that az would send now."""
        return self.json("account", "get-access-token", *arguments)["accessToken"]

    def rest_refused_beyond(self, method, path):
        """`az rest` at a subscription that az does not list, for which it would not send a token."""
        token = self.token()
        headers = ["--skip-authorization-header", "--headers", f"Authorization=Bearer {token}"]
        return self.refused(*self.rest_arguments(method, path, None), *headers)

    @staticmethod
    def rest_arguments(method, path, body):
        arguments = ["rest", "--method", method, "--url", path]
        return arguments + (["--body", json.dumps(body)] if body is not None else [])

    def subscriptions(self):
        """The subscriptions that the server shows now, by id."""
        listed = self.json("account", "list", "--refresh", "--all")
        return {each["id"]: each for each in listed if each["id"] != each["tenantId"]}


def refusal(errors):
    """Finds ARM's error in what az prints. az has three forms for it."""
    whole = list(errors_as_json(errors))
    if whole:
        # The first is the error itself; a deployment's inner errors follow it.
        codes = dict.fromkeys(code for error in whole for code in codes_of(error))
        return Refusal(whole[0]["code"], whole[0].get("message", ""), tuple(codes))
    # (Code) message, then once more: Code: ...
    named = re.search(r"ERROR: \((\w+)\) (.*?)(?=\nCode: |\Z)", errors, re.DOTALL)
    if named:
        # Details stand below, each as `(Code) message`.
        below = re.findall(r"\((\w+)\) ", errors[named.end() :])
        return Refusal(named[1], named[2].strip(), (named[1], *below))
    raise AssertionError(f"az told no ARM error:\n{errors}")


def errors_as_json(text):
    """ARM errors that az printed whole, such as `Forbidden({"error": ...})`."""
    decoder = json.JSONDecoder()
    for start in (found.start() for found in re.finditer(r"\{", text)):
        try:
            value, _ = decoder.raw_decode(text, start)
        except ValueError:
            continue
        error = value.get("error", value)
        if isinstance(error, dict) and "code" in error:
            yield error


def codes_of(error):
    """An error's code and those of its details, also where a message is JSON itself."""
    yield error["code"]
    for detail in error.get("details") or []:
        yield from codes_of(detail)
    for inner in errors_as_json(error.get("message") or ""):
        yield from codes_of(inner)
