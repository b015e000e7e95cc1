"""Settings from the environment, read once. Whatever is missing or unsafe is named, all at once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

LAPTOP_SECRET = "laptop-only-secret-not-for-production"  # noqa: S105 - refused in production


SECRET_LENGTH = 32  # characters, at least


class Unsafe(RuntimeError):  # noqa: N818 - what the settings are
    """The settings do not allow a start; the message names every one that is wrong."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    env: str = "development"
    secret_key: str = LAPTOP_SECRET
    database_url: str = ""
    redis_url: str = ""
    base_url: str = "http://127.0.0.1:5000"
    video_backend: str = "embedded"
    jitsi_url: str = ""  # where browsers find Jitsi Meet
    jitsi_orders_url: str = ""  # where its Prosody takes our orders, from within
    video_event_secrets: tuple[str, ...] = (LAPTOP_SECRET,)
    video_token_secret: str = LAPTOP_SECRET
    payments: str = "sandbox"
    payment_notice_secret: str = LAPTOP_SECRET
    vault_keys: tuple[str, ...] = (LAPTOP_SECRET,)  # the first seals, all open
    marks_key: str = LAPTOP_SECRET  # for recognising a number without keeping it; never changes
    screening_people: int = 1  # operators who have to agree before an applicant passes
    smtp_url: str = ""
    mail_from: str = "no-reply@sashitalk.example"
    clock_speed: float = 1.0
    trusted_proxies: int = 0
    metrics_token: str = ""  # what Prometheus shows for /metrics; without one nobody may read it
    cheap_passwords: bool = False

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Settings of this process. Raises Unsafe naming everything missing or odd."""
        value = environment.get
        settings = cls(
            env=value("APP_ENV", "development"),
            secret_key=value("SECRET_KEY", LAPTOP_SECRET),
            database_url=value("DATABASE_URL", ""),
            redis_url=value("REDIS_URL", ""),
            base_url=value("BASE_URL", "http://127.0.0.1:5000").rstrip("/"),
            video_backend=value("VIDEO_BACKEND", "embedded"),
            jitsi_url=value("JITSI_URL", "").rstrip("/"),
            jitsi_orders_url=value("JITSI_ORDERS_URL", "").rstrip("/"),
            video_event_secrets=_secrets(value("VIDEO_EVENT_SECRETS", LAPTOP_SECRET)),
            video_token_secret=value("VIDEO_TOKEN_SECRET", LAPTOP_SECRET),
            payments=value("PAYMENTS", "sandbox"),
            payment_notice_secret=value("PAYMENT_NOTICE_SECRET", LAPTOP_SECRET),
            vault_keys=_secrets(value("VAULT_KEYS", LAPTOP_SECRET)),
            marks_key=value("MARKS_KEY", LAPTOP_SECRET),
            screening_people=int(_number("SCREENING_PEOPLE", value("SCREENING_PEOPLE", "1"))),
            smtp_url=value("SMTP_URL", ""),
            mail_from=value("MAIL_FROM", "no-reply@sashitalk.example"),
            clock_speed=_number("CLOCK_SPEED", value("CLOCK_SPEED", "1")),
            trusted_proxies=int(_number("TRUSTED_PROXIES", value("TRUSTED_PROXIES", "0"))),
            metrics_token=value("METRICS_TOKEN", ""),
            cheap_passwords=value("APP_ENV") == "test",
        )
        if wrong := settings.whats_wrong():
            raise Unsafe("These settings do not allow a start:\n- " + "\n- ".join(wrong))
        return settings

    @property
    def production(self) -> bool:
        return self.env == "production"

    @property
    def jitsi_origin(self) -> str:
        """What a content policy calls the video server; empty where there is none."""
        if self.video_backend != "jitsi":
            return ""
        url = urlsplit(self.jitsi_url)
        return f"{url.scheme}://{url.netloc}"

    @property
    def dev(self) -> bool:
        """May the mailbox, the style page and quick logins exist?"""
        return self.env in {"development", "test"}

    def whats_wrong(self) -> list[str]:
        """Every reason not to start, each naming its variable and what to do."""
        wrong = [f"{name} is missing" for name in self._missing()]
        if self.env not in {"development", "test", "production"}:
            wrong.append(f"APP_ENV is {self.env!r}; choose development, test or production")
        if self.video_backend not in {"embedded", "jitsi"}:
            wrong.append(f"VIDEO_BACKEND is {self.video_backend!r}; choose embedded or jitsi")
        if self.payments not in {"sandbox", "stripe"}:
            wrong.append(f"PAYMENTS is {self.payments!r}; choose sandbox or stripe")
        if self.screening_people not in {1, 2}:
            wrong.append(f"SCREENING_PEOPLE is {self.screening_people}; choose 1 or 2")
        if not self.database_url.startswith("postgresql+psycopg://") and self.database_url:
            wrong.append("DATABASE_URL must begin with postgresql+psycopg://")
        return wrong + (self._unsafe_in_production() if self.production else [])

    def _missing(self) -> list[str]:
        needed = {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}
        if self.video_backend == "jitsi":
            needed |= {"JITSI_URL": self.jitsi_url, "JITSI_ORDERS_URL": self.jitsi_orders_url}
        return [name for name, value in needed.items() if not value]

    def _unsafe_in_production(self) -> list[str]:
        secrets = {
            "SECRET_KEY": (self.secret_key,),
            "VIDEO_EVENT_SECRETS": self.video_event_secrets,
            "VIDEO_TOKEN_SECRET": (self.video_token_secret,),
            "PAYMENT_NOTICE_SECRET": (self.payment_notice_secret,),
            "VAULT_KEYS": self.vault_keys,
            "MARKS_KEY": (self.marks_key,),
        }
        unsafe = [
            f"{name} is the default or shorter than 32 characters; set one of your own"
            for name, values in secrets.items()
            if not values or any(_is_weak(value) for value in values)
        ]
        checks = {
            "VIDEO_BACKEND is embedded, a laptop's stand-in; set jitsi": (
                self.video_backend == "embedded"
            ),
            "PAYMENTS is sandbox, where nobody pays; set stripe": self.payments == "sandbox",
            "JITSI_URL must begin with https://": not self.jitsi_url.startswith("https://"),
            "BASE_URL must begin with https://": not self.base_url.startswith("https://"),
            "SMTP_URL is missing, so no mail could leave": not self.smtp_url,
            "CLOCK_SPEED must be 1, people pay by these minutes": self.clock_speed != 1,
        }
        return unsafe + [text for text, is_so in checks.items() if is_so]


def _is_weak(secret: str) -> bool:
    return secret == LAPTOP_SECRET or len(secret) < SECRET_LENGTH


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Unsafe(f"{name} is {text!r}; it must be a number") from None


def _secrets(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
