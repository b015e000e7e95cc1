"""The house's commands: `flask --help` lists them."""

import logging
import signal
import sys
from threading import Event

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from app import account_letters, audit, clock, demo, vault_rotation
from app.books import checks as books
from app.db import session
from app.demo import dashboards
from app.desk import health
from app.errors import Refused
from app.jobs import transaction
from app.people import operators, second_factor
from app.people.models import Role
from app.people.registration import find_account
from app.talks import replay as replaying
from app.talks.models import Talk
from app.timetable import TIMETABLE
from app.video import bridge

talk = AppGroup("talk", help="Talks, one by one.")
books_group = AppGroup("books", help="The books.")
vault = AppGroup("vault", help="What is sealed at rest.")
operator = AppGroup("operator", help="The people who run the house.")


@talk.command("replay")
@click.argument("talk_id", type=int, required=False)
def replay(talk_id: int | None) -> None:
    """Recompute a talk, or every talk, from its recorded presence; show any difference."""
    ids = [talk_id] if talk_id else replaying.answered_ids()
    differing = 0
    for each in ids:
        talk = session.get(Talk, each)
        if talk is None or talk.room is None:
            raise click.ClickException(f"There is no answered talk {each}.")
        seen = replaying.replay(talk)
        differing += bool(seen.difference)
        if talk_id or seen.difference:
            click.echo(
                f"talk {each}: presence shows {seen.minutes_due} minutes,"
                f" {seen.minutes_measured} stand, difference {seen.difference}"
            )
    click.echo(f"{len(ids)} talks replayed, {differing} differ.")
    if differing:
        sys.exit(1)


@books_group.command("check")
def check() -> None:
    """Compare every balance, lot and talk with its entries and evidence."""
    found = books.problems()
    for problem in found:
        click.echo(problem)
    click.echo("The books agree." if not found else f"{len(found)} differences.")
    if found:
        sys.exit(1)


@vault.command("rotate")
def rotate() -> None:
    """Seal everything anew with the first key. May be stopped, and run again."""
    lost: list[str] = []
    for each in vault_rotation.rotations():
        goes_on = True
        while goes_on:
            with transaction():
                goes_on = vault_rotation.go_on(each)
        click.echo(f"{each.table.name} ({', '.join(each.columns)}): {each.sealed} sealed anew")
        lost += each.lost
    for place in lost:
        click.echo(f"No key opens {place}.")
    with transaction():
        audit.note("vault.rotated", about="vault", by=None, now=clock.now(), lost=len(lost))
    if lost:
        sys.exit(1)
    click.echo("All is sealed with the first key; the former ones may go.")


@operator.command("add")
@click.argument("email")
@click.argument("name")
def add_operator(email: str, name: str) -> None:
    """Make an operator's account. The password is asked for, or is the first line on a pipe."""
    password = _new_password()
    try:
        with transaction():
            operators.add(email=email, password=password, name=name, now=clock.now())
    except Refused as refusal:
        reasons = [problem.text % problem.values for problem in refusal.problems]
        raise click.ClickException("\n".join(reasons)) from None
    click.echo(f"{email} may log in at {current_app.config['SETTINGS'].base_url}/operator/login")


@operator.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Remove the authenticator app of an operator who lost it and the recovery codes."""
    with transaction():
        now = clock.now()
        account = find_account(email, Role.OPERATOR)
        if account is None or account.closed_at:
            raise click.ClickException(f"There is no operator {email}.")
        if not second_factor.reset(account, now=now):
            raise click.ClickException(f"{email} has no authenticator app.")
        account_letters.second_factor_reset(account, now=now)
    click.echo(f"{email} may log in with the password alone, and is asked to set up a new app.")


def _new_password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


@click.command("beats")
@with_appcontext
def beats() -> None:
    """Name every periodic job that is late, and exit 1 where one is: a health check."""
    seen = health.beats(TIMETABLE, now=clock.now())
    late = [beat for beat in seen if beat.is_late]
    for beat in late:
        last = "never ran" if beat.last_at is None else f"last ran {beat.last_at:%Y-%m-%d %H:%M:%S}"
        click.echo(f"{beat.name} is late: due every {beat.every_seconds} s, {last}")
    if late:
        sys.exit(1)
    click.echo(f"All {len(seen)} periodic jobs are in time.")


@click.command("demo")
@click.option("--stay", is_flag=True, help="Keep dashboards of the demo's casts open.")
@with_appcontext
def demo_command(stay: bool) -> None:  # noqa: FBT001 - click's own way
    """Fill an empty house with people, points and talks; a filled one stays as it is."""
    if not current_app.config["SETTINGS"].dev:
        raise click.ClickException("The demo's people live on laptops only.")
    if stay:
        dashboards.stay(_asked_to_stop(), seat=demo.LOGINS[Role.CAST])
        return
    with transaction():
        made = demo.fill(now=clock.now())
    click.echo("Demo data is there." if made else "The data of last time is kept.")


@click.command("video-bridge")
@with_appcontext
def video_bridge() -> None:
    """The laptop's stand-in for Prosody: sends the embedded rooms' presence events."""
    settings = current_app.config["SETTINGS"]
    if settings.video_backend != "embedded":
        raise click.ClickException(
            "With VIDEO_BACKEND=jitsi, Prosody sends the presence events;"
            " a second sender would end what the first one shows."
        )
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    url = f"{settings.base_url}/hooks/video"
    bridge.run(_asked_to_stop(), url=url, secret=settings.video_event_secrets[0])


def _asked_to_stop() -> Event:
    """Set by Ctrl-C, or by whoever ends the process."""
    stop = Event()
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, lambda *_: stop.set())
    return stop


def register(app: Flask) -> None:
    for command in (talk, books_group, vault, operator, beats, demo_command, video_bridge):
        app.cli.add_command(command)
