import pytest

from app import create_app
from app.config import LAPTOP_SECRET, Settings, Unsafe

SAFE = {
    "APP_ENV": "production",
    "DATABASE_URL": "postgresql+psycopg://house@db/house",
    "REDIS_URL": "redis://redis/0",
    "SECRET_KEY": "a" * 40,
    "VIDEO_EVENT_SECRETS": f"{'b' * 40},{'c' * 40}",
    "VIDEO_TOKEN_SECRET": "d" * 40,
    "PAYMENT_NOTICE_SECRET": "e" * 40,
    "VAULT_KEYS": "f" * 40,
    "MARKS_KEY": "g" * 40,
    "VIDEO_BACKEND": "jitsi",
    "JITSI_URL": "https://meet.example",
    "JITSI_ORDERS_URL": "http://prosody:5280",
    "PAYMENTS": "stripe",
    "BASE_URL": "https://talk.example",
    "SMTP_URL": "smtps://mail.example",
}


def test_safe_settings_are_read():
    settings = Settings.read(SAFE)

    assert settings.production
    assert not settings.dev
    assert settings.video_event_secrets == ("b" * 40, "c" * 40)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", LAPTOP_SECRET),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", None),
        ("VIDEO_EVENT_SECRETS", f"{'b' * 40},short"),
        ("VIDEO_EVENT_SECRETS", ""),
        ("VIDEO_TOKEN_SECRET", LAPTOP_SECRET),
        ("PAYMENT_NOTICE_SECRET", LAPTOP_SECRET),
        ("VAULT_KEYS", LAPTOP_SECRET),
        ("MARKS_KEY", LAPTOP_SECRET),
        ("VIDEO_BACKEND", "embedded"),
        ("VIDEO_BACKEND", "skype"),
        ("JITSI_URL", "http://meet.example"),
        ("JITSI_URL", None),
        ("JITSI_ORDERS_URL", None),
        ("PAYMENTS", "sandbox"),
        ("PAYMENTS", "cash"),
        ("BASE_URL", "http://talk.example"),
        ("BASE_URL", None),
        ("SMTP_URL", None),
        ("SCREENING_PEOPLE", "0"),
        ("SCREENING_PEOPLE", "3"),
        ("SCREENING_PEOPLE", "two"),
        ("CLOCK_SPEED", "10"),
        ("CLOCK_SPEED", "fast"),
        ("TRUSTED_PROXIES", "many"),
        ("DATABASE_URL", None),
        ("DATABASE_URL", "mysql://db"),
        ("REDIS_URL", None),
        ("APP_ENV", "prodcution"),
    ],
)
@pytest.mark.req("G37")
def test_each_missing_or_unsafe_setting_is_named_and_refused(name, value):
    environment = {**SAFE, name: value}
    if value is None:
        del environment[name]

    with pytest.raises(Unsafe, match=name):
        Settings.read(environment)


def test_everything_wrong_is_named_at_once():
    with pytest.raises(Unsafe) as refusal:
        Settings.read({"APP_ENV": "production"})

    for name in SAFE.keys() - {"APP_ENV", "JITSI_ORDERS_URL"}:
        assert name in str(refusal.value)


def test_a_house_without_its_payment_gateway_does_not_open():
    with pytest.raises(Unsafe, match="PAYMENTS"):
        create_app(Settings.read(SAFE))
