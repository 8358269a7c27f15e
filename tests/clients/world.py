"""A world drawn anew for each server: a provider, two customers, and their people.

No name, id or password is the same twice, so that nothing can pass because a server knows it.
"""

import datetime
import json
import random
import secrets
import string
import uuid
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


def draw(prefix):
    """A name that nobody used before, fit for tenants, people and resources alike."""
    return prefix + "".join(random.choices(string.ascii_lowercase + string.digits, k=6))


def new_id():
    return str(uuid.uuid4())


@dataclass(frozen=True)
class Person:
    name: str
    tenant: "Tenant" = field(repr=False)
    id: str = field(default_factory=new_id)
    password: str = field(default_factory=lambda: secrets.token_urlsafe(18), repr=False)

    @property
    def sign_in_name(self):
        return f"{self.name}@{self.tenant.domain}"


@dataclass(frozen=True)
class Guest:
    """A person of another tenant, who signs in with what they know at home."""

    person: Person
    tenant: "Tenant" = field(repr=False)
    id: str = field(default_factory=new_id)

    @property
    def name(self):
        return self.person.name

    @property
    def sign_in_name(self):
        return self.person.sign_in_name

    @property
    def password(self):
        return self.person.password


class Certificate:
    """A certificate that nobody vouches for, and the key that belongs to it, in PEM."""

    def __init__(self, name):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.datetime.now(datetime.timezone.utc)
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .sign(key, hashes.SHA256())
        )
        pem = serialization.Encoding.PEM
        self.public = made.public_bytes(pem).decode()
        private = key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self.both = private.decode() + self.public


@dataclass(frozen=True)
class App:
    """An application with its service principal. `id` is the service principal's object id."""

    name: str
    tenant: "Tenant" = field(repr=False)
    id: str = field(default_factory=new_id)
    app_id: str = field(default_factory=new_id)
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(18), repr=False)
    certificate: Certificate | None = field(default=None, repr=False)
    # Another tenant's application, whose tokens count as this one's word.
    trusts: "App | None" = field(default=None, repr=False)

    def declared(self, origin):
        """This application as a world file spells it."""
        app = {"name": self.name, "id": self.id, "appId": self.app_id, "secret": self.secret}
        if self.certificate:
            app["certificate"] = self.certificate.public
        if self.trusts:
            issuer = f"{origin}/{self.trusts.tenant.id}/v2.0"
            app["federatedCredentials"] = [
                {"name": "elsewhere", "issuer": issuer, "subject": self.trusts.id}
            ]
        return app


@dataclass(frozen=True)
class Group:
    name: str
    members: tuple
    id: str = field(default_factory=new_id)


class Tenant:
    def __init__(self, prefix):
        self.name = draw(prefix)
        self.domain = f"{self.name}.example"
        self.id = new_id()
        self.people, self.guests, self.apps, self.groups = [], [], [], []
        self.subscription = None
        self.grants, self.directory_roles = [], []

    def person(self, prefix):
        self.people.append(Person(draw(prefix), self))
        return self.people[-1]

    def guest(self, person):
        self.guests.append(Guest(person, self))
        return self.guests[-1]

    def app(self, prefix, **more):
        self.apps.append(App(draw(prefix), self, **more))
        return self.apps[-1]

    def group(self, prefix, *members):
        self.groups.append(Group(draw(prefix), members))
        return self.groups[-1]

    def grant(self, principal, role, scope):
        self.grants.append({"principal": principal.name, "role": role, "scope": scope})

    def manage(self, principal, role):
        """Gives somebody a role in the tenant's own directory."""
        self.directory_roles.append({"principal": principal.name, "role": role})

    def declared(self, origin):
        """This tenant as a world file spells it."""
        people = [
            {"name": p.name, "id": p.id, "displayName": p.name.title(), "password": p.password}
            for p in self.people
        ]
        apps = [app.declared(origin) for app in self.apps]
        groups = [
            {"name": g.name, "id": g.id, "members": [m.name for m in g.members]} for g in self.groups
        ]
        tenant = {"name": self.name, "id": self.id, "domain": self.domain}
        tenant |= {"users": people, "apps": apps, "groups": groups}
        if self.guests:
            tenant["guests"] = [
                {"user": f"{g.person.tenant.name}/{g.name}", "id": g.id} for g in self.guests
            ]
        if self.subscription:
            tenant["subscriptions"] = [self.subscription.declared()]
        return tenant | {"directoryRoles": self.directory_roles, "roleAssignments": self.grants}


ROBOTS = "Microsoft.Automation/automationAccounts"


class Subscription:
    """A customer's subscription with two resource groups whose names begin alike."""

    def __init__(self, prefix):
        self.name = draw(prefix)
        self.id = new_id()
        self.group = draw("rg")
        self.longer_group = self.group + "0"
        self.storage = draw("data")
        self.robot, self.other_robot = draw("robot"), draw("robot")

    @property
    def scope(self):
        return f"/subscriptions/{self.id}"

    @property
    def group_scope(self):
        return f"{self.scope}/resourceGroups/{self.group}"

    def robot_id(self, name):
        """A resource that acts by a managed identity of its own."""
        return f"{self.group_scope}/providers/{ROBOTS}/{name}"

    def declared(self):
        robots = [
            {"type": ROBOTS, "name": name, "properties": {}, "identity": {"type": "SystemAssigned"}}
            for name in (self.robot, self.other_robot)
        ]
        storage = {"type": "Microsoft.Storage/storageAccounts", "name": self.storage, "properties": {}}
        return {
            "name": self.name,
            "id": self.id,
            "resourceGroups": [
                {"name": self.group, "location": "westeurope", "resources": [storage, *robots]},
                {"name": self.longer_group, "location": "westeurope"},
            ],
        }


class World:
    """Fabrikam manages, and a rival of theirs would; Contoso and Northwind are customers. Mostly
    only Contoso delegates.
    """

    def __init__(self):
        self.fabrikam = Tenant("fabrikam")
        self.engineer = self.fabrikam.person("ada")
        self.reader = self.fabrikam.person("rita")
        self.colleague = self.fabrikam.person("cole")
        self.auditor = self.fabrikam.person("mona")
        self.automation = self.fabrikam.app("automation")
        self.signer = self.fabrikam.app("signer", certificate=Certificate("signer"))
        self.engineers = self.fabrikam.group("engineers", self.engineer)
        self.readers = self.fabrikam.group("readers", self.reader)
        self.fabrikam.grant(self.auditor, "Monitoring Reader", "/")

        self.rival = Tenant("rival")
        self.competitor = self.rival.person("rolf")

        self.contoso = Tenant("contoso")
        self.owner = self.contoso.person("olof")
        self.clerk = self.contoso.person("clara")
        self.deputy = self.contoso.person("dora")
        self.group_owner = self.contoso.person("greg")
        deputies = self.contoso.group("deputies", self.deputy)
        owners = self.contoso.group("owners", deputies)
        self.pipeline = self.contoso.app("pipeline")
        self.visitor = self.contoso.app("visitor", trusts=self.automation)
        self.contoso.manage(self.owner, "Global Administrator")
        self.contoso.manage(self.pipeline, "Directory Readers")
        self.contoso.subscription = Subscription("contoso-prod-")
        self.contoso.grant(self.pipeline, "Owner", self.contoso.subscription.name)
        self.contoso.grant(self.owner, "Owner", self.contoso.subscription.name)
        self.contoso.grant(self.clerk, "Contributor", self.contoso.subscription.name)
        self.contoso.grant(owners, "Owner", self.contoso.subscription.name)
        self.contoso.grant(self.group_owner, "Owner", self.contoso.subscription.group_scope)
        self.guest = self.contoso.guest(self.fabrikam.person("gus"))
        self.contoso.grant(self.guest, "Owner", self.contoso.subscription.name)

        self.northwind = Tenant("northwind")
        self.neighbour = self.northwind.person("nora")
        self.northwind.subscription = Subscription("northwind-prod-")
        self.northwind.grant(self.neighbour, "Owner", self.northwind.subscription.name)

    def file(self, origin):
        """A world file's text, for a server at that origin. JSON is YAML."""
        tenants = [self.fabrikam, self.rival, self.contoso, self.northwind]
        return json.dumps({"tenants": [tenant.declared(origin) for tenant in tenants]}, indent=2)
