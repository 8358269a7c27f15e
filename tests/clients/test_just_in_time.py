"""`docs/just-in-time.md`, command by command, as a reader would follow it; and az of whoever has an
authenticator.
"""

import authenticator
import jwt
from page import follow
from server import PROJECT

PAGE = PROJECT / "docs" / "just-in-time.md"


def test_the_page_leads_from_a_delegation_to_a_role_that_ends_by_itself(tmp_path, port_443):
    follow(PAGE.read_text(), tmp_path, {})


def test_az_of_whoever_has_an_authenticator_says_that_a_code_was_shown(fyr):
    owner = fyr.world.owner
    authenticator.set_up(fyr.server, owner)
    claims = jwt.decode(fyr.az_as(owner).token(), options={"verify_signature": False})
    assert claims["amr"] == ["pwd", "mfa", "otp"]
