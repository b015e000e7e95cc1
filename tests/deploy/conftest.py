"""The installation as an administrator makes it: .env by the script, and the Compose files read."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

HERE = Path(__file__).parent.parent.parent
PARTS = ("compose.yaml", "private.yaml", ".env.example", "jitsi", "proxy", "tools")
# What no script can know.
OF_A_PERSON = {
    "BASE_HOST": "talk.example",
    "JITSI_HOST": "meet.example",
    "ACME_EMAIL": "keeper@talk.example",
    "JVB_ADVERTISE_IPS": "203.0.113.7",
    "SMTP_URL": "smtps://house:p%40ss@mail.example",
    "MAIL_FROM": "no-reply@talk.example",
    "PAYMENT_NOTICE_SECRET": "whsec_0123456789012345678901234567890123456789",
}


class Installation:
    """A folder with a copy of what an administrator gets."""

    def __init__(self, folder):
        self.folder = folder
        for name in PARTS:
            copy = shutil.copytree if (HERE / name).is_dir() else shutil.copy
            copy(HERE / name, folder / name)

    @property
    def env(self):
        lines = (self.folder / ".env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line and line[0] != "#")

    def make_secrets(self, **environment):
        return subprocess.run(
            ["sh", "tools/secrets.sh"],
            cwd=self.folder,
            env=environment or None,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def fill(self, **values):
        """Write values into .env, as a person with an editor does."""
        file = self.folder / ".env"
        lines = [line for line in file.read_text().splitlines() if line.split("=")[0] not in values]
        lines += [f"{name}={value}" for name, value in values.items()]
        file.write_text("\n".join(lines) + "\n")

    def config(self, *files, check=True):
        """What docker-compose makes of these files and .env."""
        named = [word for file in files for word in ("-f", file)]
        return subprocess.run(
            ["docker-compose", "--env-file", ".env", "--profile", "turn", *named, "config"],
            cwd=self.folder,
            # The shell's variables would win over .env, and those of the tests are other ones.
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder)},
            check=check,
            capture_output=True,
            text=True,
        )

    def services(self, *files):
        services = yaml.safe_load(self.config(*files).stdout)["services"]
        return {name: _in_one_way(service) for name, service in services.items()}


def _in_one_way(service):
    """A service as both generations of docker-compose would write it."""
    networks = service.get("networks", {})
    return service | {
        "networks": {name: more or {} for name, more in networks.items()},
        "ports": [_port(port) for port in service.get("ports", [])],
        "volumes": [_volume(volume) for volume in service.get("volumes", [])],
    }


def _port(port):
    """Where it is published: address, port and protocol."""
    if isinstance(port, str):
        address, published, target = port.split(":")
        port = {"host_ip": address, "published": published, "protocol": target.split("/")[1]}
    return port.get("host_ip", ""), int(port["published"]), port.get("protocol", "tcp")


def _volume(volume):
    """source:target:mode"""
    if isinstance(volume, str):
        return volume
    mode = "ro" if volume.get("read_only") else "rw"
    return f"{volume['source']}:{volume['target']}:{mode}"


@pytest.fixture
def installation(tmp_path):
    return Installation(tmp_path)


@pytest.fixture(scope="session")
def installed(tmp_path_factory):
    """An installation whose .env is complete."""
    if not shutil.which("docker-compose"):
        pytest.skip("docker-compose is missing, so nobody has read the Compose files: apt install")
    whole = Installation(tmp_path_factory.mktemp("installed"))
    whole.make_secrets()
    whole.fill(**OF_A_PERSON)
    return whole


@pytest.fixture
def another(installation, installed):
    """The same installation once more, for a test to change."""
    (installation.folder / ".env").write_text((installed.folder / ".env").read_text())
    return installation


@pytest.fixture(scope="session")
def product(installed):
    """The services of compose.yaml."""
    return installed.services("compose.yaml")


@pytest.fixture(scope="session")
def jitsi(installed):
    """The services of jitsi/compose.yaml, alone on a machine of its own."""
    return installed.services("jitsi/compose.yaml")
