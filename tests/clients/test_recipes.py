"""The recipes of `recipes/`, step by step as their systems would run them, in a folder of its own."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from server import BINARY, PROJECT

RECIPES = PROJECT / "recipes"
SECONDS_MAX = 180

# Their servers take 127.0.0.1:443.
pytestmark = pytest.mark.usefixtures("port_443")

# What a recipe's own system does without a command.
SETUP = ("actions/checkout@v4", "actions/setup-python@v5", "UsePythonVersion@0", "self")
# What makes Python ready in an image that is only Rust's.
IMAGE = ["apt-get update", "apt-get install --yes --no-install-recommends python3-pip"]


def github(recipe):
    [job] = recipe["jobs"].values()
    return job["env"], commands(job["steps"], ("uses",), "run")


def azure(recipe):
    return recipe["variables"], commands(recipe["steps"], ("task", "checkout"), "script")


def gitlab(recipe):
    assert recipe["test"]["before_script"] == IMAGE
    return recipe["test"]["variables"], recipe["test"]["script"]


def commands(steps, setup, command):
    for step in steps:
        [does] = [step[word] for word in (*setup, command) if word in step]
        assert command in step or does in SETUP, f"nobody runs {does}"
    checkout = next(step for step in steps if set(setup) & set(step))
    assert True in (checkout.get("submodules"), checkout.get("with", {}).get("submodules"))
    return [step[command] for step in steps if command in step]


@pytest.mark.parametrize(
    ("name", "read"),
    [("github-actions.yml", github), ("azure-pipelines.yml", azure), ("gitlab-ci.yml", gitlab)],
)
def test_each_command_of_a_recipe_works(name, read, tmp_path):
    variables, steps = read(yaml.safe_load((RECIPES / name).read_text()))
    assert any(step.startswith("pytest") for step in steps)
    shutil.copytree(RECIPES / "pytest", tmp_path / "tests")
    (tmp_path / "fyr").symlink_to(PROJECT)
    environment = os.environ | variables | own_folders(tmp_path)
    # Each step of the recipe has pytest and az as it would; none is told of this one.
    environment = {key: value for key, value in environment.items() if not key.startswith("PYTEST")}
    try:
        for step in steps:
            done = subprocess.run(
                ["bash", "-e", "-c", step],
                cwd=tmp_path,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=SECONDS_MAX,
            )
            assert done.returncode == 0, f"{step}\n{done.stdout}{done.stderr}"
    finally:
        stop(tmp_path / "fyr-data")
    assert (tmp_path / "fyr-data" / "ca.pem").exists()


def own_folders(folder):
    """Nothing of this machine's account but the toolchain; and nothing new is fetched."""
    tools = {"CARGO_HOME": Path.home() / ".cargo", "RUSTUP_HOME": Path.home() / ".rustup"}
    tools = {name: os.environ.get(name, str(path)) for name, path in tools.items()}
    path = installed(folder / "bin")
    return tools | {"PATH": path, "HOME": str(folder), "PIP_NO_INDEX": "1"}


def installed(folder):
    """A PATH with what a recipe has installed: this binary and these clients. pip finds all that it
    is asked for in place, and cargo a package of that name with its lock file, which the tests have
    built before.
    """
    folder.mkdir()
    (folder / "fyr").symlink_to(BINARY)
    cargo = folder / "cargo"
    cargo.write_text(f"""#!/bin/sh
[ "$1 $2 $3 $#" = "install --locked --path 4" ] &&
exec {shutil.which("cargo")} metadata --locked --no-deps --manifest-path "$4/Cargo.toml"
""")
    cargo.chmod(0o700)
    return f"{folder}:{Path(sys.executable).parent}:{os.environ['PATH']}"


def stop(data):
    """Ends what `fyr up --wait` left running."""
    said = (data / "fyr.out").read_text() if (data / "fyr.out").exists() else ""
    for process in re.findall(r"`kill (\d+)`", said):
        subprocess.run(["kill", process], check=True)
