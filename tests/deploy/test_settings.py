"""The Compose files and the app's settings say the same."""

import re

import pytest

from app import config
from app.config import Settings
from app.video import tokens
from tests.deploy.conftest import HERE

PROCESSES = ["web", "worker", "timetable", "migrate"]
LEFT_AS_IT_IS = {"CLOCK_SPEED"}  # 1; production refuses anything else
OPTION = re.compile(r'(?P<name>\w+)="(?P<value>[^",]*)"')


@pytest.fixture
def settings(product):
    return Settings.read(product["web"]["environment"])


@pytest.fixture
def options(product):
    return options_of(product)


def options_of(services):
    """Our module's options, taken apart at every comma as the image does."""
    parts = services["prosody"]["environment"]["XMPP_CONFIGURATION"].split(",")
    found = [OPTION.fullmatch(part) for part in parts]
    assert all(found), parts
    return {option["name"]: option["value"] for option in found}


@pytest.mark.parametrize("process", PROCESSES)
def test_the_app_accepts_the_environment_of_each_process(product, process):
    environment = product[process]["environment"]

    settings = Settings.read(environment)

    assert settings.production
    assert settings.whats_wrong() == []
    assert environment == product["web"]["environment"]


def test_every_setting_is_set_or_left_on_purpose(product):
    source = (HERE / "app" / "config.py").read_text()
    read = set(re.findall(r'value\("([A-Z_]+)"', source))

    assert "DATABASE_URL" in read
    assert set(product["web"]["environment"]) == read - LEFT_AS_IT_IS


def test_the_video_server_signs_with_the_secret_that_the_app_trusts(settings, options):
    assert settings.video_event_secrets == (options["talk_secret"],)
    assert options["talk_former_secret"] == ""


def test_while_a_secret_is_changed_both_sides_know_both(another):
    another.fill(VIDEO_EVENT_SECRET_FORMER="f" * 64)

    services = another.services("compose.yaml")

    options = options_of(services)
    settings = Settings.read(services["web"]["environment"])
    assert settings.video_event_secrets == (options["talk_secret"], options["talk_former_secret"])
    assert options["talk_former_secret"] == "f" * 64


def test_events_and_orders_go_by_the_inner_network(product, settings, options):
    assert options["talk_app_url"] == "http://web:8000/hooks/video"
    assert settings.jitsi_orders_url == "http://prosody:5280"
    assert "5280" in product["prosody"]["expose"]
    assert "--port=8000" in product["web"]["command"]
    for name in ("prosody", "web", "worker", "timetable"):
        assert "meet.jitsi" in product[name]["networks"], name


def test_the_tickets_that_the_app_issues_are_those_that_jitsi_accepts(product, settings):
    jitsi = product["prosody"]["environment"]

    assert jitsi["JWT_APP_ID"] == jitsi["JWT_ACCEPTED_ISSUERS"] == tokens.ISSUER
    assert jitsi["JWT_ACCEPTED_AUDIENCES"] == tokens.AUDIENCE
    assert jitsi["XMPP_DOMAIN"] == tokens.SUBJECT
    assert jitsi["JWT_APP_SECRET"] == settings.video_token_secret


def test_the_secrets_differ(settings):
    secrets = {
        settings.secret_key,
        settings.video_token_secret,
        settings.payment_notice_secret,
        *settings.video_event_secrets,
    }

    assert len(secrets) == 4
    assert config.LAPTOP_SECRET not in secrets


def test_people_find_both_names_by_tls(product, settings):
    assert settings.base_url == f"https://{product['caddy']['environment']['BASE_HOST']}"
    assert settings.jitsi_url == f"https://{product['caddy']['environment']['JITSI_HOST']}"
    assert settings.jitsi_url == product["meet"]["environment"]["PUBLIC_URL"]


def test_one_proxy_stands_before_the_app(settings):
    assert settings.trusted_proxies == 1


def test_the_engines_have_the_passwords_that_the_app_shows(product, settings):
    postgres = product["postgres"]["environment"]

    assert f":{postgres['POSTGRES_PASSWORD']}@postgres/" in settings.database_url
    assert postgres["POSTGRES_PASSWORD"] == product["backup"]["environment"]["PGPASSWORD"]
    assert f":{product['valkey']['command'][-1]}@valkey/" in settings.redis_url
    assert product["valkey"]["command"][-2] == "--requirepass"


def test_every_name_in_the_example_is_used_and_every_used_one_is_in_it():
    files = ["compose.yaml", "private.yaml", "jitsi/compose.yaml", "jitsi/private.yaml"]
    used = {
        name for file in files for name in re.findall(r"\$\{([A-Z_]+)", (HERE / file).read_text())
    }
    example = (HERE / ".env.example").read_text()

    assert set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)) == used
