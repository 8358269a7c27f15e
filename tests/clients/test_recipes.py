"""The recipes of `recipes/`, step by step as their systems would run them, in a folder of its own."""

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from server import BINARY, PROJECT

RECIPES = PROJECT / "recipes"
SECONDS_MAX = 180

# What a recipe's own system does without a command.
SETUP = ("actions/checkout@", "actions/setup-python@", "UsePythonVersion@")


def github(recipe):
    [job] = recipe["jobs"].values()
    return job["env"], commands(job["steps"], "uses", "run")


def azure(recipe):
    return recipe["variables"], commands(recipe["steps"], "task", "script")


def gitlab(recipe):
    return recipe["test"]["variables"], recipe["test"]["script"]


def commands(steps, setup, command):
    for step in steps:
        assert (setup in step) != (command in step), f"what is this step? {step}"
        assert setup not in step or step[setup].startswith(SETUP), f"nobody runs {step[setup]}"
    return [step[command] for step in steps if command in step]


@pytest.mark.parametrize(
    ("name", "read"),
    [("github-actions.yml", github), ("azure-pipelines.yml", azure), ("gitlab-ci.yml", gitlab)],
)
def test_each_command_of_a_recipe_works(name, read, tmp_path):
    variables, steps = read(yaml.safe_load((RECIPES / name).read_text()))
    assert any(step.startswith("pytest") for step in steps)
    shutil.copytree(RECIPES / "pytest", tmp_path / "tests")
    environment = os.environ | variables | {"PATH": installed(tmp_path / "bin"), "HOME": str(tmp_path)}
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


def installed(folder):
    """A PATH with what a recipe has installed: this binary and these clients. Installing is a word
    that only has to be right.
    """
    folder.mkdir()
    (folder / "fyr").symlink_to(BINARY)
    for name, wanted in {"pip": "^install [a-z -]+$", "cargo": "^install --locked --path [a-z/.]+$"}.items():
        script = folder / name
        script.write_text(f'#!/bin/sh\necho "$*" | grep -Eq "{wanted}"\n')
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return f"{folder}:{Path(sys.executable).parent}:{os.environ['PATH']}"


def stop(data):
    """Ends what `fyr up --wait` left running."""
    said = (data / "fyr.out").read_text() if (data / "fyr.out").exists() else ""
    for process in re.findall(r"`kill (\d+)`", said):
        subprocess.run(["kill", process], check=True)
