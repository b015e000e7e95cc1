"""What holds for every service: pinned, healthy, not root, on a read-only root, behind one proxy."""

import re

import pytest

PUBLISHED = {  # all that the world may knock at; coturn's ports are the host's own
    "caddy": {("", 80, "tcp"), ("", 443, "tcp"), ("", 443, "udp")},
    "jvb": {("", 10000, "udp")},
}
ONE_SHOT = {"migrate"}
OF_JITSI = {"caddy", "meet", "prosody", "jicofo", "jvb", "coturn"}
OURS = {"web", "worker", "timetable", "migrate"}
PINNED = re.compile(r"[\w./-]+:[\w.-]*\d[\w.-]*")


@pytest.fixture(params=["product", "jitsi"])
def services(request):
    return request.getfixturevalue(request.param)


def test_both_files_have_the_services_that_they_promise(product, jitsi):
    assert set(jitsi) == OF_JITSI
    assert set(product) == OF_JITSI | OURS | {"postgres", "valkey", "backup"}


def test_jitsi_is_the_same_alone_and_in_the_product(product, jitsi):
    for name in OF_JITSI - {"caddy"}:
        assert product[name] == jitsi[name], name


@pytest.mark.parametrize(
    "files",
    [
        ("compose.yaml", "private.yaml", "jitsi/private.yaml"),
        ("jitsi/compose.yaml", "jitsi/private.yaml"),
    ],
)
def test_a_private_address_is_added_and_asked_for(another, files):
    refused = another.config(*files, check=False)
    another.fill(PRIVATE_ADDRESS="10.0.0.2")
    services = another.services(*files)

    assert refused.returncode
    assert "private network" in refused.stderr
    added = {
        (address, port)
        for name in services.keys() - PUBLISHED
        for address, port, _ in services[name]["ports"]
    }
    assert {address for address, _ in added} == {"10.0.0.2"}
    assert {port for _, port in added} >= {5222, 5280}


@pytest.mark.parametrize(
    "name", ["BASE_HOST", "SMTP_URL", "POSTGRES_PASSWORD", "VIDEO_EVENT_SECRET"]
)
def test_a_missing_value_is_named_before_anything_starts(another, name):
    another.fill(**{name: ""})

    refused = another.config("compose.yaml", check=False)

    assert refused.returncode
    assert name in refused.stderr


def test_images_are_pinned(services):
    for name, service in services.items():
        if name in OURS:
            assert service["image"] == "sashitalk:local"
            assert service["build"]
        else:
            assert PINNED.fullmatch(service["image"]), service["image"]


def test_jitsi_is_the_tag_whose_settings_were_read(jitsi):
    for name in ("meet", "prosody", "jicofo", "jvb"):
        assert jitsi[name]["image"].endswith(":stable-11146-2")


def test_every_service_says_how_it_is_or_ends_by_itself(services):
    for name, service in services.items():
        assert bool(service.get("healthcheck", {}).get("test")) != (name in ONE_SHOT), name


def test_every_service_comes_back_after_a_restart_of_the_machine(services):
    for name, service in services.items():
        assert service["restart"] == ("no" if name in ONE_SHOT else "unless-stopped"), name


def test_nobody_is_root(services):
    for name, service in services.items():
        if name not in OURS:  # the image says it: test_image.py
            assert service["user"].split(":")[0] not in {"", "0", "root"}, name
        assert not service.get("privileged"), name


def test_nobody_writes_beside_his_volumes(services):
    for name, service in services.items():
        assert service["read_only"] is True, name
        mounts = [volume for volume in service["volumes"] if volume.startswith("/")]
        assert all(mount.endswith(":ro") for mount in mounts), mounts


def test_nobody_may_become_more_than_he_is(product):
    for name in OURS | {"postgres", "valkey", "backup"}:
        assert product[name]["cap_drop"] == ["ALL"], name
        assert product[name]["security_opt"] == ["no-new-privileges:true"], name


def test_nothing_is_published_but_the_proxy_and_the_bridge(services):
    published = {name: set(service["ports"]) for name, service in services.items()}

    assert {name: ports for name, ports in published.items() if ports} == PUBLISHED


def test_the_data_is_reached_by_our_own_processes_only(installed, product):
    for name in ("postgres", "valkey", "backup"):
        assert set(product[name]["networks"]) == {"data"}
    on_it = {name for name, service in product.items() if "data" in service["networks"]}
    assert on_it == OURS | {"postgres", "valkey", "backup"}
    assert "internal: true" in installed.config("compose.yaml").stdout


def test_the_logs_do_not_fill_the_disk(services):
    for name, service in services.items():
        assert service["logging"]["options"]["max-size"], name


def test_nothing_of_ours_starts_before_the_migrations_have_succeeded(product):
    for name in OURS - ONE_SHOT:
        awaited = product[name]["depends_on"]
        assert awaited["migrate"]["condition"] == "service_completed_successfully", name
    assert product["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert product["migrate"]["command"] == ["flask", "db", "upgrade"]


def test_what_must_survive_has_a_volume(product):
    kept = {
        name: {volume.removesuffix(":rw") for volume in service["volumes"] if volume[0] != "/"}
        for name, service in product.items()
    }

    assert kept["postgres"] == {"postgres:/var/lib/postgresql"}
    assert kept["backup"] == {"backups:/var/lib/postgresql"}
    assert kept["prosody"] == {"prosody:/var/lib/prosody"}
    assert kept["caddy"] == {"certificates:/data/caddy", "caddy:/config/caddy"}
    assert not any(kept[name] for name in OURS)
