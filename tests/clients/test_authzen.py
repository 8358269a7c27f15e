"""`docs/authzen.md`, command by command, as a reader would follow it."""

import re

from page import follow
from server import PROJECT

PAGE = PROJECT / "docs" / "authzen.md"


def test_an_enforcement_point_is_put_in_front_as_the_page_says(tmp_path):
    # How much has happened before is not the page's to know.
    as_shown = lambda told: re.sub(r'"revision":\d+', '"revision":7', told)
    follow(PAGE.read_text(), tmp_path, {}, as_shown)
