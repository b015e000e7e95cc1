"""tools/secrets.sh, which an administrator runs first and after each upgrade."""

import re
import shutil
import stat

import pytest

from tests.deploy.conftest import OF_A_PERSON

COREUTILS = ("cat", "cp", "dirname", "head", "mv", "od", "tr")


def test_every_secret_is_made_and_every_other_value_is_asked_for(installation):
    told = installation.make_secrets()

    empty = {name for name, value in installation.env.items() if not value}
    assert empty == set(OF_A_PERSON)
    assert set(told.split("Left for you to fill:")[1].split()) == set(OF_A_PERSON)


def test_secrets_are_long_hex_and_each_its_own(installation):
    installation.make_secrets()

    made = [value for value in installation.env.values() if value]
    assert len(made) == len(set(made)) >= 9
    assert all(re.fullmatch("[0-9a-f]{64}", value) for value in made)


def test_two_machines_have_no_secret_in_common(installation):
    installation.make_secrets()
    first = set(installation.env.values())
    (installation.folder / ".env").unlink()

    installation.make_secrets()

    assert first & set(installation.env.values()) == {""}


def test_what_has_a_value_keeps_it(installation):
    installation.make_secrets()
    installation.fill(SECRET_KEY="mine", BASE_HOST="talk.example", SMTP_URL="smtp://a=b#c$d")
    before = installation.env

    told = installation.make_secrets()

    assert installation.env == before
    assert told.startswith("0 new secrets")
    assert "BASE_HOST" not in told


def test_a_name_that_an_older_env_has_never_heard_of_is_added(installation):
    (installation.folder / ".env").write_text("BASE_HOST=talk.example\nSECRET_KEY=mine")

    installation.make_secrets()

    assert installation.env["SECRET_KEY"] == "mine"
    assert installation.env["BASE_HOST"] == "talk.example"
    assert len(installation.env["JVB_AUTH_PASSWORD"]) == 64


def test_comments_survive(installation):
    installation.make_secrets()

    example = (installation.folder / ".env.example").read_text()
    comments = [line for line in example.splitlines() if line.startswith("#")]
    assert comments == [
        line
        for line in (installation.folder / ".env").read_text().splitlines()
        if line.startswith("#")
    ]


@pytest.mark.parametrize("mode", [None, 0o644])
def test_nobody_else_may_read_the_file(installation, mode):
    file = installation.folder / ".env"
    if mode:
        file.write_text("SECRET_KEY=\n")
        file.chmod(mode)

    installation.make_secrets()

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not (installation.folder / ".env.new").exists()


def test_a_shell_and_coreutils_are_enough(installation, tmp_path_factory):
    programs = tmp_path_factory.mktemp("bin")
    for name in (*COREUTILS, "sh"):
        (programs / name).symlink_to(shutil.which(name))

    told = installation.make_secrets(PATH=str(programs))

    assert "11 new secrets" in told
