"""The real binary, started as a person would start it."""

import os
import random
import signal
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

PROJECT = Path(__file__).parents[2]
BINARY = Path(os.environ.get("FYR_BINARY", PROJECT / "target" / "release" / "fyr"))

# A cold start on a busy machine, with a margin.
START_SECONDS_MAX = 30
# Open requests get a moment to finish.
STOP_SECONDS_MAX = 20

# Where the workers' ports begin, and how many each has: up to 31999.
FIRST_PORT = 16000
PORTS_EACH = 2000
WORKERS_MAX = 8
PORTS_TRIED_MAX = 50


class Server:
    """One `fyr up` on ports and a data folder of its own."""

    def __init__(self, folder, world, profile, options=("--leave-443",)):
        self.data = folder / "data"
        self.log = folder / "fyr.log"
        self.profile = profile
        port, graph, portal = free_ports(3)
        self.origin = f"https://localhost:{port}"
        self.ca = self.data / "ca.pem"
        world_file = folder / "world.yaml"
        world_file.write_text(world.file(self.origin))
        command = [BINARY, "up", "--data", self.data, "--world", world_file, "--profile", profile]
        command += ["--listen", f"127.0.0.1:{port}", "--listen-graph", f"127.0.0.1:{graph}"]
        command += ["--listen-portal", f"127.0.0.1:{portal}", *options]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self.log.open("wb"), stderr=subprocess.STDOUT
        )

    def wait_until_ready(self):
        """Returns once `/readyz` answers 200 over TLS that the new authority vouches for."""
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            assert self.process.poll() is None, f"fyr ended by itself:\n{self.said()}"
            if self.is_ready():
                return
            time.sleep(0.05)
        raise AssertionError(f"fyr was not ready in {START_SECONDS_MAX} s:\n{self.said()}")

    def is_ready(self):
        try:
            trust = ssl.create_default_context(cafile=self.ca)
            with urllib.request.urlopen(f"{self.origin}/readyz", context=trust, timeout=5) as answer:
                return answer.status == 200
        except OSError:  # no file yet, nobody listens yet, or 503
            return False

    def stop(self):
        """Ends it as a service manager would, and sees that it goes in good order."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"fyr did not stop on SIGTERM:\n{self.said()}") from None
        assert code == 0, f"fyr ended with {code}:\n{self.said()}"

    def said(self):
        return self.log.read_text(errors="replace")[-8000:]


def free_ports(count):
    """Ports that nobody uses now, from where only this worker looks. They are held open together,
    so that no two are the same.
    """
    sockets = [socket.socket() for _ in range(count)]
    try:
        return [bound(each) for each in sockets]
    finally:
        for each in sockets:
            each.close()


def bound(sock):
    for port in random.sample(own_ports(), k=PORTS_TRIED_MAX):
        try:
            sock.bind(("127.0.0.1", port))
            return port
        except OSError:  # somebody has it
            continue
    raise AssertionError(f"none of {PORTS_TRIED_MAX} ports is free")


def own_ports():
    """The ports of this worker of pytest-xdist (`gw0`, `gw1`, ...). They lie below those that the
    system gives away by itself, so that nobody takes one between here and the server's start.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = FIRST_PORT + worker % WORKERS_MAX * PORTS_EACH
    return range(first, first + PORTS_EACH)
