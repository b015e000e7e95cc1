"""What each page of a guest's evening weighs, with everything it loads except pictures."""

import contextvars
import gzip
import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock, demo
from app.casts import standby
from app.casts.models import Cast
from app.db import session
from app.jobs import transaction
from app.people import signing_in
from app.people.models import Account, Role
from app.purchases import packs
from app.talks import entering
from app.talks.models import Talk, TalkState
from bench.figures import Figure, below
from bench.house import house

GOAL_KILOBYTES = 100
OF_PAGE = re.compile(r"""(?:src|href)="(/static/[^"#]+)""")
OF_SCRIPT = re.compile(r"""(?:from|import)\s+["'](\./[^"']+)["']""")
PICTURES = ("/static/portraits/",)


def measure() -> Iterator[Figure]:
    with house() as made:
        with transaction():
            demo.fill(now=clock.now())
        stranger, guest = made.app.test_client(), made.app.test_client()
        with transaction():
            before, session_id = _before_the_talk()
        with guest.session_transaction() as cookie:
            cookie["_user_id"] = session_id
        weights = {path: _kilobytes(stranger, path) for path in ("/", "/register", "/login")}
        weights |= {path: _kilobytes(guest, path) for path in before}
        with transaction():
            room = _room()
        weights[room] = _kilobytes(guest, room)
        for path, kilobytes in sorted(weights.items(), key=lambda each: each[1]):
            print(f"  {kilobytes:6.1f} kB  {path}")
        path = max(weights, key=lambda each: weights[each])
        yield below(
            GOAL_KILOBYTES,
            what=f"heaviest page of an evening ({path.split('/')[-1]})",
            ours=weights[path],
            unit="kB",
        )


def _before_the_talk() -> tuple[list[str], str]:
    """The pages of the demo's guest, and that guest's session."""
    guest, cast = _two()
    standby.begin(cast.account_id, now=clock.now())
    talked = select(Talk.public_id).filter_by(guest_id=guest.id, state=TalkState.ENDED)
    ended = session.scalars(talked.order_by(Talk.minutes_charged.desc())).first()
    paths = [
        *("/casts", f"/casts/{cast.public_id}", f"/casts/{cast.public_id}/entry"),
        *("/points", "/points/packs", f"/points/confirmation?pack={packs.PACKS[0]}", "/me"),
        *("/talks", f"/talks/{ended}/receipt"),
    ]
    return paths, signing_in.begin(guest, device="a bench", now=clock.now()).key


def _room() -> str:
    """The room of a talk that has just begun."""
    guest, cast = _two()
    now = clock.now()
    talk = entering.ask(guest, cast.account_id, price_points=cast.price_points, now=now)
    entering.accept(talk, now=now)
    return f"/talks/{talk.public_id}/room"


def _two() -> tuple[Account, Cast]:
    guest = session.scalars(select(Account).filter_by(email=demo.LOGINS[Role.GUEST])).one()
    return guest, session.scalars(select(Cast).order_by(Cast.account_id).limit(1)).one()


def _kilobytes(client: FlaskClient, path: str) -> float:
    """A page with its styles, scripts and icons, each compressed, and nothing in the cache."""
    # A request brings a context of its own, not the one that the house stands in.
    answer = contextvars.Context().run(client.get, path)
    assert answer.status_code == 200, f"{path}: {answer.status}"
    weight, waiting, seen = len(gzip.compress(answer.data)), OF_PAGE.findall(answer.text), set()
    while waiting:
        asset = urlsplit(waiting.pop()).path
        if asset in seen or asset.startswith(PICTURES):
            continue
        seen.add(asset)
        with client.get(asset) as loaded:
            assert loaded.status_code == 200, f"{asset}: {loaded.status}"
            weight += len(gzip.compress(loaded.data))
            if asset.endswith(".js"):
                waiting += [urljoin(asset, name) for name in OF_SCRIPT.findall(loaded.text)]
    return weight / 1000
