"""Tokens that nobody here issued, sent to a running server: each is refused, and says where to
sign in.
"""

import base64
import json
import ssl
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

HEADERS = ("typ", "alg", "kid")


@dataclass(frozen=True)
class Answer:
    status: int
    code: str
    challenge: str


class Door:
    """The server, asked for one subscription with whatever token."""

    def __init__(self, fyr):
        self.url = f"{fyr.server.origin}{fyr.world.contoso.subscription.scope}/resourcegroups"
        self.trust = ssl.create_default_context(cafile=fyr.server.ca)

    def ask(self, authorization):
        url = f"{self.url}?api-version=2021-04-01"
        headers = {"Authorization": authorization} if authorization else {}
        try:
            with urllib.request.urlopen(
                urllib.request.Request(url, headers=headers), context=self.trust, timeout=30
            ) as answer:
                return Answer(answer.status, "", "")
        except urllib.error.HTTPError as refused:
            error = json.load(refused)["error"]
            return Answer(refused.code, error["code"], refused.headers.get("WWW-Authenticate") or "")


@pytest.fixture(scope="module")
def stranger():
    """A key pair that the server has never seen."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def test_only_the_servers_own_tokens_open_the_door(shared_fyr, stranger):
    world, door = shared_fyr.world, Door(shared_fyr)
    owner = shared_fyr.az_as(world.owner)
    token, directory = owner.token(), owner.token("--resource-type", "ms-graph")
    assert door.ask(f"Bearer {token}").status == 200

    claims = jwt.decode(token, options={"verify_signature": False})
    header = {name: jwt.get_unverified_header(token)[name] for name in HEADERS}
    now = int(time.time())

    def signed(key=stranger, algorithm="RS256", kid=header["kid"], **changed):
        return jwt.encode(claims | changed, key, algorithm, headers={"kid": kid})

    def grafted(**changed):
        """Other claims under the true signature."""
        first, _, signature = token.split(".")
        return ".".join([first, packed(json.dumps(claims | changed).encode()), signature])

    refused = {
        "no token": None,
        "another scheme": f"Basic {token}",
        "no jwt": "Bearer nonsense",
        "cut short": f"Bearer {token[:-8]}",
        "without a signature": f"Bearer {token.rsplit('.', 1)[0]}.",
        "alg none": f"Bearer {unsigned(header | {'alg': 'none'}, claims)}",
        "signed with a shared secret": f"Bearer {signed('x' * 64, 'HS256')}",
        "signed by a stranger": f"Bearer {signed()}",
        "signed by a stranger's key id": f"Bearer {signed(kid='stranger')}",
        "expired": f"Bearer {signed(iat=now - 7200, nbf=now - 7200, exp=now - 3600)}",
        "lengthened": f"Bearer {grafted(exp=claims['exp'] + 3600)}",
        "another audience": f"Bearer {grafted(aud='https://elsewhere.example')}",
        "another issuer": f"Bearer {grafted(iss='https://elsewhere.example/v2.0')}",
        "another tenant": f"Bearer {grafted(tid=world.northwind.id)}",
        "another person": f"Bearer {grafted(oid=world.deputy.id)}",
        "for the directory": f"Bearer {directory}",
    }
    for why, authorization in refused.items():
        answer = door.ask(authorization)
        assert answer.status == 401, (why, answer)
        codes = ("AuthenticationFailed", "InvalidAuthenticationToken")
        assert answer.code.startswith(codes), (why, answer)
        assert answer.challenge.startswith('Bearer authorization_uri="https://'), (why, answer)
    assert door.ask(f"Bearer {token}").status == 200


def test_a_good_token_of_another_tenant_opens_nothing_here(shared_fyr):
    token = shared_fyr.az_as(shared_fyr.world.colleague).token()
    answer = Door(shared_fyr).ask(f"Bearer {token}")
    if shared_fyr.profile == "azure":
        assert (answer.status, answer.code) == (401, "InvalidAuthenticationTokenTenant")
        assert shared_fyr.world.contoso.id in answer.challenge
    else:
        assert (answer.status, answer.code) == (404, "SubscriptionNotFound")


def packed(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unsigned(header, claims):
    return f"{packed(json.dumps(header).encode())}.{packed(json.dumps(claims).encode())}."
