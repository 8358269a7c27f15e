"""The helpers of this folder, where a mistake would let a story pass for the wrong reason."""

import az
from device_page import Form
from server import free_ports
from world import World


def test_an_error_is_found_in_each_form_that_az_prints():
    forms = [
        'ERROR: Forbidden({"error":{"code":"Denied","message":"no","details":[{"code":"Part"}]}})',
        'ERROR: {"status":"Failed","error":{"code":"Denied","message":"no","details":[{"code":'
        '"Part","message":"{\\"error\\":{\\"code\\":\\"Deep\\",\\"message\\":\\"\\"}}"}]}}',
        'ERROR: {"code": "Denied", "message": "no"}\n\nInner Errors: \n{"code": "Part"}',
        "ERROR: (Denied) no\nCode: Denied\nMessage: no\nException Details:\t(Part) why",
    ]
    for form in forms:
        found = az.refusal(form)
        assert (found.code, found.message) == ("Denied", "no"), form
        assert "Part" in found, form
    assert "Deep" in az.refusal(forms[1])


def test_a_form_is_filled_in_as_a_person_would():
    page = """<form action="/next" method="post"><input type="hidden" name="token" value="t">
        <input name="user_code"><button name="answer" value="yes">Yes</button>
        <button name="answer" value="no">No</button></form><form><input name="other"></form>"""
    form = Form(page)
    assert form.action == "/next"
    assert form.fields == {"token": "t", "user_code": "", "answer": "yes"}
    assert form.shown == {"user_code"}
    assert not Form("<p>You have signed in.</p>").found


def test_no_two_worlds_share_a_name_or_an_id():
    first, second = World(), World()
    for tenant in ("fabrikam", "contoso", "northwind"):
        a, b = getattr(first, tenant), getattr(second, tenant)
        assert a.id != b.id and a.domain != b.domain
    assert first.engineer.password != second.engineer.password


def test_two_workers_never_take_the_same_port(monkeypatch):
    taken = {}
    for worker in ("gw0", "gw1", "gw7"):
        monkeypatch.setenv("PYTEST_XDIST_WORKER", worker)
        taken[worker] = {port for _ in range(20) for port in free_ports(3)}
    for one, other in (("gw0", "gw1"), ("gw0", "gw7"), ("gw1", "gw7")):
        assert taken[one].isdisjoint(taken[other])
    assert max(port for ports in taken.values() for port in ports) < 32768
