"""A page of `docs`, command by command, as a reader would follow it."""

import os
import re
import subprocess
import sys

from server import BINARY, free_ports

SECONDS_MAX = 600


def blocks(page):
    """The fenced blocks of a page, each with what it is."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def follow(page, folder, environment, as_shown=lambda told: told):
    """Writes the page's files, runs its commands, and holds what they print against the page, which
    shows it so.
    """
    script, expected = ["set -euo pipefail"], []
    found = blocks(page)
    for (kind, text), following in zip(found, [*found[1:], ("", "")]):
        if kind == "yaml":
            path = folder / text.splitlines()[0].removeprefix("# ")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        elif kind == "sh":
            shows = following[1] if following[0] == "text" else ""
            number = len(expected)
            expected.append(shows)
            script.append(f"exec > out-{number}.txt")
            script.append(text)
    (folder / "page.sh").write_text("\n".join(script))
    try:
        run(folder, environment)
    finally:
        stop(folder / "data")
    for number, shows in enumerate(expected):
        told = (folder / f"out-{number}.txt").read_text()
        if shows:
            assert as_shown(told) == shows, f"block {number}"


def run(folder, environment):
    arm, graph, portal = free_ports(3)
    names = folder / "bin"
    names.mkdir()
    (names / "fyr").symlink_to(BINARY)
    (names / "az").symlink_to(os.path.join(os.path.dirname(sys.executable), "az"))
    whole = {
        "PATH": f"{names}:{os.environ['PATH']}",
        "HOME": str(folder),
        "NO_PROXY": "localhost,127.0.0.1",
        "AZURE_CORE_COLLECT_TELEMETRY": "no",
        "AZURE_CORE_LOGIN_EXPERIENCE_V2": "off",
        "ARM_PORT": str(arm),
        "GRAPH_PORT": str(graph),
        "PORTAL_PORT": str(portal),
        **environment,
    }
    done = subprocess.run(
        ["bash", "page.sh"],
        cwd=folder,
        env=whole,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=SECONDS_MAX,
    )
    printed = sorted(folder.glob("out-*.txt"), key=lambda it: int(it.stem[4:]))
    last = printed[-1] if printed else None
    assert done.returncode == 0, f"{last}: {last and last.read_text()}\n{done.stderr}"


def stop(data):
    """Ends what `fyr up --wait` left running."""
    said = (data / "fyr.out").read_text() if (data / "fyr.out").exists() else ""
    for process in re.findall(r"`kill (\d+)`", said):
        subprocess.run(["kill", process], check=True)
