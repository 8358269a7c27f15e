"""What az gives, bars and takes is what every question about access says, of the past, too."""

from roles import OWNER, READER
from world import draw

READ = "Microsoft.Storage/storageAccounts/read"
WRITE = "Microsoft.Storage/storageAccounts/write"
DELETE = "Microsoft.Storage/storageAccounts/delete"
ASSIGN = "Microsoft.Authorization/roleAssignments/write"
UNLOCK = "Microsoft.Authorization/locks/delete"
ACTIONS = [READ, WRITE, DELETE, ASSIGN, UNLOCK]


def is_within(scope, outer):
    return f"{scope}/".startswith(f"{outer}/")


def gives(role, action):
    match role:
        case "Owner":
            return True
        case "Contributor":
            return not (action.startswith("Microsoft.Authorization/") and not action.endswith("/read"))
        case "Reader":
            return action.endswith("/read")


def bars(level, action):
    if action.startswith("Microsoft.Authorization/locks/"):
        return False
    return action.endswith("/delete") if level == "CanNotDelete" else not action.endswith("/read")


class Book:
    """Azure's rule as its documentation words it."""

    def __init__(self):
        self.grants, self.locks = set(), set()

    def may(self, who, action, scope):
        holds = any(
            it == who.id and is_within(scope, outer) and gives(role, action)
            for it, role, outer in self.grants
        )
        return holds and not any(
            is_within(scope, outer) and bars(level, action) for level, outer in self.locks
        )


class Asking:
    """All questions about these people, as somebody asks them through `az rest`."""

    def __init__(self, az, world):
        contoso = world.contoso.subscription
        self.az, self.root = az, contoso.scope
        self.people = [world.owner, world.clerk, world.group_owner]
        longer = f"{contoso.scope}/resourceGroups/{contoso.longer_group}"
        self.scopes = [contoso.scope, contoso.group_scope, longer]

    def ask(self, what, body):
        path = f"{self.root}/providers/Fyr.Access/{what}?api-version=2026-12-01"
        return self.az.rest("post", path, body)

    def all(self):
        return [(who, action, at) for who in self.people for action in ACTIONS for at in self.scopes]

    def check(self, **at):
        questions = [
            {"principalId": who.id, "action": action, "scope": scope}
            for who, action, scope in self.all()
        ]
        told = self.ask("check", {"questions": questions} | at)
        return told["revision"], [each["isAllowed"] for each in told["value"]]

    def agrees(self, book):
        """Each answer is the book's; who may and where says the same of one of them."""
        revision, told = self.check()
        expected = [book.may(*question) for question in self.all()]
        assert told == expected, [q for q, a, b in zip(self.all(), told, expected) if a != b]
        group = self.scopes[1]
        can = self.ask("whoCan", {"action": WRITE, "scope": group})["value"]
        named = {each["principalId"] for each in can} & {who.id for who in self.people}
        assert named == {who.id for who in self.people if book.may(who, WRITE, group)}
        return revision, told


def test_what_az_gives_bars_and_takes_is_what_every_question_says(shared_fyr):
    world = shared_fyr.world
    contoso, owner = world.contoso.subscription, shared_fyr.az_as(world.owner)
    clerk, asking, book = shared_fyr.az_as(world.clerk), Asking(owner, world), Book()
    book.grants = {
        (world.owner.id, "Owner", contoso.scope),
        (world.clerk.id, "Contributor", contoso.scope),
        (world.group_owner.id, "Owner", contoso.group_scope),
    }
    storage = f"{contoso.group_scope}/providers/Microsoft.Storage/storageAccounts/{contoso.storage}"
    write = (f"{storage}?api-version=2023-01-01", {"location": "westeurope", "properties": {}})
    answered = [asking.agrees(book)]

    whom = ["--assignee-object-id", world.group_owner.id, "--assignee-principal-type", "User"]
    given = owner.json("role", "assignment", "create", *whom, "--role", READER, "--scope", contoso.scope)
    book.grants.add((world.group_owner.id, "Reader", contoso.scope))
    answered.append(asking.agrees(book))

    keep, still = draw("keep"), draw("still")
    locking = ["--lock-type", "CanNotDelete", "--resource-group", contoso.group]
    kept = owner.json("lock", "create", "--name", keep, *locking)
    book.locks.add(("CanNotDelete", contoso.group_scope))
    answered.append(asking.agrees(book))
    assert clerk.rest_refused("delete", write[0]).code == "ScopeLocked"
    clerk.rest("put", *write)

    whole = ["--subscription", contoso.id]
    owner.run("lock", "create", "--name", still, "--lock-type", "ReadOnly", *whole)
    book.locks.add(("ReadOnly", contoso.scope))
    answered.append(asking.agrees(book))
    assert clerk.rest_refused("put", *write).code == "ScopeLocked"
    more = [*whom[:1], world.clerk.id, *whom[2:], "--role", OWNER, "--scope", contoso.scope]
    assert owner.refused("role", "assignment", "create", *more).code == "ScopeLocked"

    owner.run("lock", "delete", "--name", still, *whole)
    owner.run("lock", "delete", "--ids", kept["id"])
    owner.run("role", "assignment", "delete", "--ids", given["id"])
    book.locks.clear()
    book.grants.remove((world.group_owner.id, "Reader", contoso.scope))
    answered.append(asking.agrees(book))
    clerk.rest("put", *write)

    for revision, told in answered[:-1]:
        assert asking.check(at={"revision": revision}) == (revision, told)
