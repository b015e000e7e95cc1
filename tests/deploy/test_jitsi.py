"""The settings without which a talk could be had that nobody counts, or be joined by a third."""

from pathlib import Path

import pytest

NEEDED = [
    ("prosody", "ENABLE_AUTH", "1"),
    ("prosody", "AUTH_TYPE", "jwt"),
    ("prosody", "JWT_ALLOW_EMPTY", "0"),
    ("prosody", "JWT_ENABLE_DOMAIN_VERIFICATION", "true"),  # else [anything]room is a second room
    ("prosody", "ENABLE_GUESTS", "0"),  # else one without a ticket comes in by another host
    ("prosody", "MAX_PARTICIPANTS", "2"),
    ("prosody", "ENABLE_LOBBY", "0"),
    ("prosody", "ENABLE_BREAKOUT_ROOMS", "0"),  # a second place to talk
    ("prosody", "ENABLE_SUBDOMAINS", "false"),
    ("prosody", "ENABLE_RECORDING", "0"),
    ("prosody", "ENABLE_TRANSCRIPTIONS", "0"),
    ("prosody", "ENABLE_END_CONFERENCE", "0"),
    ("prosody", "XMPP_MODULES", "talk"),
    ("prosody", "XMPP_MUC_MODULES", "token_affiliation"),
    ("jicofo", "ENABLE_AUTH", "1"),
    ("jicofo", "AUTH_TYPE", "jwt"),
    ("jicofo", "ENABLE_AUTO_OWNER", "false"),  # nobody rules a room by coming first
    ("meet", "ENABLE_AUTH", "1"),
    ("meet", "ENABLE_GUESTS", "0"),
    (
        "meet",
        "ENABLE_P2P",
        "false",
    ),  # else people see each other's address and media outlives a kick
    ("meet", "ENABLE_SUBDOMAINS", "false"),
    ("meet", "ENABLE_BREAKOUT_ROOMS", "0"),
    ("meet", "DISABLE_DEEP_LINKING", "true"),  # else a phone asks for Jitsi's app
    ("meet", "ENABLE_WELCOME_PAGE", "0"),
    ("meet", "ENABLE_PREJOIN_PAGE", "0"),
    ("meet", "ENABLE_XMPP_WEBSOCKET", "1"),
    ("meet", "DISABLE_HTTPS", "1"),
    ("meet", "TOOLBAR_BUTTONS", "microphone,camera,toggle-camera"),
    ("meet", "DISABLE_PROFILE", "true"),
    ("meet", "DISABLE_POLLS", "true"),
    ("meet", "DISABLE_REACTIONS", "true"),
    ("meet", "DISABLE_PRIVATE_CHAT", "true"),
    ("meet", "DISABLE_KICKOUT", "true"),
    ("meet", "DISABLE_GRANT_MODERATOR", "true"),
    ("meet", "DISABLE_LOCAL_RECORDING", "true"),
    ("meet", "ENABLE_RECORDING", "0"),
    ("meet", "ENABLE_LIVESTREAMING", "0"),
    ("meet", "ENABLE_TRANSCRIPTIONS", "0"),
    ("meet", "CSP_HEADER", "frame-ancestors https://talk.example"),
    ("jvb", "JVB_ADVERTISE_IPS", "203.0.113.7"),
    ("jvb", "JVB_ADVERTISE_PRIVATE_CANDIDATES", "false"),
    ("jvb", "JVB_DISABLE_STUN", "true"),  # asks no third party for its address
]


@pytest.mark.parametrize(("service", "name", "value"), NEEDED)
def test_jitsi_has_the_setting_that_paid_talks_need(product, service, name, value):
    assert product[service]["environment"][name] == value


def test_jitsi_finds_our_module_and_keeps_what_it_spools(product):
    volumes = product["prosody"]["volumes"]

    assert [volume.split("/")[-2:] for volume in volumes if volume.endswith(":ro")] == [
        ["prosody:", "prosody-plugins-custom:ro"]
    ]
    assert "prosody:/var/lib/prosody:rw" in volumes


def test_the_services_of_jitsi_know_the_same_passwords(product):
    prosody = product["prosody"]["environment"]

    assert (
        prosody["JICOFO_AUTH_PASSWORD"] == product["jicofo"]["environment"]["JICOFO_AUTH_PASSWORD"]
    )
    assert prosody["JVB_AUTH_PASSWORD"] == product["jvb"]["environment"]["JVB_AUTH_PASSWORD"]
    relay = f"--static-auth-secret={prosody['TURN_CREDENTIALS']}"
    assert relay in product["coturn"]["command"]


def test_pages_ask_no_third_party(product):
    folder = next(volume for volume in product["meet"]["volumes"] if volume.endswith(":/config:ro"))

    written = Path(folder.split(":")[0], "custom-config.js").read_text()
    assert "config.disableThirdPartyRequests = true;" in written
    assert "config.gravatar = { disabled: true };" in written


def test_a_relay_is_offered_only_where_one_is_named(product, another):
    assert not product["prosody"]["environment"]["TURN_HOST"]
    another.fill(TURN_HOST="turn.example")

    services = another.services("compose.yaml")

    assert services["prosody"]["environment"]["TURN_HOST"] == "turn.example"
    assert services["prosody"]["environment"]["TURN_TRANSPORT"] == "tcp"
    assert services["coturn"]["profiles"] == ["turn"]
