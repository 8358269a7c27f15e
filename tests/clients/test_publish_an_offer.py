"""`docs/publish-an-offer.md`, command by command, as a reader would follow it."""

import datetime
import http.server
import ipaddress
import json
import os
import re
import ssl
import subprocess
import sys
import threading
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from server import BINARY, PROJECT, free_ports

PAGE = PROJECT / "docs" / "publish-an-offer.md"
SECONDS_MAX = 600


# Where the page says that leads go.
ADDRESS = "https://leads.fabrikam.example/fyr"


class Leads:
    """A publisher's machine that takes leads over HTTPS, by a certificate of its own."""

    def __init__(self, folder):
        self.taken = []
        taken = self.taken

        class Taker(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers["Content-Length"])
                taken.append(json.loads(self.rfile.read(length)))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.certificate = folder / "leads.pem"
        self.certificate.write_bytes(certificate())
        self.server = http.server.HTTPServer(("127.0.0.1", 0), Taker)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"https://localhost:{self.server.server_port}/fyr"


def certificate():
    """A key and a certificate for this machine, which vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "leads")])
    now = datetime.datetime.now(datetime.timezone.utc)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    return private + made.public_bytes(pem)


def blocks(page):
    """The fenced blocks of a page, each with what it is."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def test_the_page_leads_from_requirements_to_my_customers(tmp_path):
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
