"""`docs/authzen.md`, command by command, as a reader would follow it."""

import os
import re
import subprocess

from server import BINARY, PROJECT, free_ports
from test_publish_an_offer import blocks, stop

PAGE = PROJECT / "docs" / "authzen.md"
SECONDS_MAX = 120


def test_an_enforcement_point_is_put_in_front_as_the_page_says(tmp_path):
    script, expected = ["set -euo pipefail"], []
    found = blocks(PAGE.read_text())
    for (kind, text), following in zip(found, [*found[1:], ("", "")]):
        if kind == "yaml":
            (tmp_path / text.splitlines()[0].removeprefix("# ")).write_text(text)
        elif kind == "sh":
            script.append(f"exec > out-{len(expected)}.txt")
            script.append(text)
            expected.append(following[1] if following[0] == "text" else "")
    (tmp_path / "page.sh").write_text("\n".join(script))
    names = tmp_path / "bin"
    names.mkdir()
    (names / "fyr").symlink_to(BINARY)
    arm, graph, portal = free_ports(3)
    environment = {
        "PATH": f"{names}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "NO_PROXY": "localhost,127.0.0.1",
        "ARM_PORT": str(arm),
        "GRAPH_PORT": str(graph),
        "PORTAL_PORT": str(portal),
    }
    try:
        done = subprocess.run(
            ["bash", "page.sh"],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            timeout=SECONDS_MAX,
        )
        assert done.returncode == 0, done.stderr
    finally:
        stop(tmp_path / "data")
    for number, shows in enumerate(expected):
        told = (tmp_path / f"out-{number}.txt").read_text()
        if shows:
            assert re.sub(r'"revision":\d+', '"revision":7', told) == shows, f"block {number}"
