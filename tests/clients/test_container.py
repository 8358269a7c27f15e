"""The Containerfile, step by step as a builder would: its last stage becomes the root folder of a
process that sees nothing else of this machine.
"""

import json
import os
import shlex
import shutil
import ssl
import subprocess
import time
import urllib.request

from server import PROJECT, START_SECONDS_MAX, STOP_SECONDS_MAX

BUILD_SECONDS_MAX = 1800
# What says something about the image, and does nothing while it is built.
SAID = ("EXPOSE", "VOLUME")


def test_each_step_of_the_containerfile_makes_a_root_in_which_fyr_runs(tmp_path):
    image = build(instructions(), tmp_path / "root")
    files = [path for path in image.root.rglob("*") if path.is_file()]
    assert {path.name for path in files if os.access(path, os.X_OK)} >= {"fyr"}
    assert not any(path.name in ("sh", "bash", "busybox") for path in files), "nothing to log in to"
    process = image.start(tmp_path / "fyr.log", "--listen", "127.0.0.1:0", "--leave-443")
    try:
        data = image.root / "data" / "fyr"
        assert ready(data, process), (tmp_path / "fyr.log").read_text()
        assert data.stat().st_mode & 0o777 == 0o700
        assert os.geteuid() != 0 or data.stat().st_uid == 65532, "it does not run as root"
    finally:
        process.terminate()
        process.wait(STOP_SECONDS_MAX)
    assert process.returncode == 0, "it stops when it is told to"


class Image:
    """The last stage: a folder and what is run in it."""

    def __init__(self, root):
        self.root, self.environment, self.user = root, {}, None
        self.entry, self.arguments = [], []

    def start(self, log, *arguments):
        """As a container: root becomes whom the image names; whoever else, stays what they are."""
        if os.geteuid() == 0:
            enter = [tool("chroot"), f"--userspec={self.user}", self.root]
        else:
            enter = [tool("unshare"), "--map-current-user", f"--root={self.root}"]
        return subprocess.Popen(
            [*enter, *self.entry, *self.arguments, *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=log.open("wb"),
            stderr=subprocess.STDOUT,
        )


def tool(name):
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")


def instructions():
    """Each is a line of its own."""
    lines = (PROJECT / "Containerfile").read_text().splitlines()
    return [line.split(" ", 1) for line in lines if line and not line.startswith("#")]


def build(steps, root):
    """The first stage works in this checkout, which has just been built; the second begins with
    nothing.
    """
    sources, image = None, None
    for word, rest in steps:
        match word:
            case "FROM" if image is None and sources is None:
                assert rest.startswith("rust:") and rest.endswith(" AS build")
            case "FROM":
                assert rest == "scratch"
                root.mkdir()
                image = Image(root)
            case "WORKDIR":
                sources = rest
            case "COPY" if image is None:
                assert rest == ". ."
            case "COPY":
                stage, there, here = shlex.split(rest)
                assert stage == "--from=build" and here == "/" and there.startswith(f"{sources}/")
                there = PROJECT / there.removeprefix(f"{sources}/")
                shutil.copytree(there, root, dirs_exist_ok=True)
            case "RUN":
                subprocess.run(
                    ["sh", "-ec", rest], cwd=PROJECT, check=True, timeout=BUILD_SECONDS_MAX
                )
            case "ENV":
                name, value = rest.split("=")
                image.environment[name] = value
            case "USER":
                image.user = rest
            case "ENTRYPOINT":
                image.entry = json.loads(rest)
            case "CMD":
                image.arguments = json.loads(rest)
            case other:
                assert other in SAID, f"nobody runs {other}"
    return image


def ready(data, process):
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        if (data / "ports.json").exists() and (data / "ca.pem").exists():
            port = json.loads((data / "ports.json").read_text())["arm"].rsplit(":", 1)[1]
            trust = ssl.create_default_context(cafile=data / "ca.pem")
            try:
                at = f"https://localhost:{port}/readyz"
                with urllib.request.urlopen(at, context=trust, timeout=5) as answer:
                    return answer.status == 200
            except OSError:  # nobody listens yet
                pass
        time.sleep(0.05)
    return False
