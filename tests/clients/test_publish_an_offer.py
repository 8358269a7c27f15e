"""`docs/publish-an-offer.md`, command by command, as a reader would follow it."""

import os
import re
import subprocess
import sys
from pathlib import Path

from leads import Leads
from server import BINARY, PROJECT, free_ports

PAGE = PROJECT / "docs" / "publish-an-offer.md"
SECONDS_MAX = 600

# Where the page says that leads go.
ADDRESS = "https://leads.fabrikam.example/fyr"


def blocks(page):
    """The fenced blocks of a page, each with what it is."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def test_the_page_leads_from_requirements_to_my_customers(tmp_path, port_443):
    leads = Leads(tmp_path)
    script, expected = ["set -euo pipefail"], []
    found = blocks(PAGE.read_text().replace(ADDRESS, leads.url))
    for (kind, text), following in zip(found, [*found[1:], ("", "")]):
        if kind == "yaml":
            path = tmp_path / text.splitlines()[0].removeprefix("# ")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        elif kind == "sh":
            shows = following[1] if following[0] == "text" else ""
            number = len(expected)
            expected.append(shows)
            script.append(f"exec > out-{number}.txt")
            script.append(text)
    (tmp_path / "page.sh").write_text("\n".join(script))
    arm, graph, portal = free_ports(3)
    names = tmp_path / "bin"
    names.mkdir()
    (names / "fyr").symlink_to(BINARY)
    (names / "az").symlink_to(Path(sys.executable).parent / "az")
    environment = {
        "PATH": f"{names}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "NO_PROXY": "localhost,127.0.0.1",
        "AZURE_CORE_COLLECT_TELEMETRY": "no",
        "AZURE_CORE_LOGIN_EXPERIENCE_V2": "off",
        "SSL_CERT_FILE": str(leads.certificate),
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
        printed = sorted(tmp_path.glob("out-*.txt"), key=lambda it: int(it.stem[4:]))
        last = printed[-1] if printed else None
        assert done.returncode == 0, f"{last}: {last and last.read_text()}\n{done.stderr}"
    finally:
        stop(tmp_path / "data")
    for number, shows in enumerate(expected):
        told = (tmp_path / f"out-{number}.txt").read_text()
        if shows:
            assert told == shows, f"block {number}"
    sources = [lead["LeadSource"] for lead in leads.taken]
    assert "AzurePortal-Create|fabrikam.night-watch" in sources
    assert any(source.startswith("MSFT_TEST_") for source in sources)
    assert (tmp_path / "difference.txt").read_text(), "what the new version gives is told"


def stop(data):
    """Ends what `fyr up --wait` left running."""
    said = (data / "fyr.out").read_text() if (data / "fyr.out").exists() else ""
    for process in re.findall(r"`kill (\d+)`", said):
        subprocess.run(["kill", process], check=True)
