"""Many people at once, made in plain SQL: casts on the list, and talks that are running."""

from datetime import datetime

import psycopg

SECRET = "only-for-the-bench-and-at-least-32-characters"  # noqa: S105
ONLINE_OF_A_HUNDRED = 5

ACCOUNTS = """
    INSERT INTO account (public_id, role, email, password_hash, nickname, locale,
                         calendar_key, suspended_because, confirmed_at, created_at)
    SELECT left(md5(%(role)s || n) || md5(n::text), 22), %(role)s, %(role)s || n || '@example.com',
           '-', %(role)s || n, 'ja',
           md5('calendar' || %(role)s || n), '', now(), now()
    FROM generate_series(1, %(count)s) AS n
"""
_PRICES = """
    INSERT INTO rank_price (rank, holds_from, price_points, reward_percent, slot_points)
    SELECT 'blue', date '2020-01-01', 100, 50, 300
"""
_CATEGORIES = """
    INSERT INTO category SELECT 'category-' || n, '話題' || n, 'Subject ' || n, n
    FROM generate_series(1, 20) AS n
"""
# Each cast has two of twenty categories; a twentieth of the profiles has one word more, and one in
# five hundred a rare one.
_CASTS = """
    INSERT INTO talk_cast (account_id, public_id, name, folded_name, portrait, age_band, categories,
                           tagline, profile, career, site_url, links, rank, price_points, reward_yen,
                           slot_points, slot_reward_yen, joined_at,
                           state, active_at, misses, rating_sum, rating_count)
    SELECT id, public_id, 'あかり' || id, 'あかり' || id, 'portraits/akari.svg', '30s',
           ARRAY['category-' || 1 + id %% 20, 'category-' || 1 + id / 20 %% 20],
           'ひと息つきたい夜に、' || id || '分だけお話ししませんか。',
           repeat('旅と料理と、子どもの進路の話が好きです。', %(sentences)s)
               || CASE WHEN id %% 20 = 7 THEN '天文台で働きました。' ELSE '' END
               || CASE WHEN id %% 500 = 9 THEN '琵琶を弾きます。' ELSE '' END,
           '', '', '{}', 'blue', 100 + id %% 5 * 50, 50, 300, 150, now() - id * interval '1 minute',
           CASE WHEN id %% 100 < %(online)s THEN 'online' ELSE 'offline' END,
           now() - id %% 977 * interval '1 minute', 0, id %% 40, id %% 9
    FROM account WHERE role = 'cast'
"""
_ROOMS = """
    INSERT INTO video_room (name, guest_id, cast_id, opened_at, version, told)
    SELECT md5('room' || guest.id), guest.id, cast_.id, now() - interval '1 hour', 1, 1
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM account WHERE role = 'guest') AS guest
    JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM account WHERE role = 'cast') AS cast_
      USING (n)
"""
_TALKS = """
    INSERT INTO talk (public_id, guest_id, cast_id, state, price_points, reward_yen, asked_at,
                      answer_by, answered_at, room, carried, carried_minutes, resumed, shared, shared_since,
                      evidence_at, last_event_at, sessions, missing, minutes_charged,
                      minutes_returned, minutes_waived, minutes_refunded, minutes_borne, next_charge_at)
    SELECT md5('talk' || guest_id), guest_id, cast_id, 'running', 100, 50, opened_at, opened_at,
           opened_at, name, interval '0', 0, false, interval '0', opened_at, now() + interval '1 day',
           opened_at, '', '', 0, 0, 0, 0, 0, NULL
    FROM video_room ORDER BY guest_id
"""
# A third of the guests have 30 points in a first lot, so their minute takes from two.
_LOTS = """
    INSERT INTO point_lot (guest_id, kind, points, remaining, price_yen, bought_at, expires_at)
    SELECT id, 'paid', points, points, points, now(), now() + days * interval '1 day'
    FROM account, LATERAL (VALUES (30, 20), (10000, 80)) AS lot (points, days)
    WHERE role = 'guest' AND (id % 3 = 0 OR points > 100)
    ORDER BY id, days
"""
_PURCHASES = """
    INSERT INTO point_entry (lot_id, delta, reason, about, key, at)
    SELECT id, points, 'purchase', 'order:' || id, 'order:' || id, bought_at FROM point_lot
"""

_SLOTS = """
    INSERT INTO slot (cast_id, starts_at, ends_at)
    SELECT account_id, first + n * interval '3 minutes', first + (n + 1) * interval '3 minutes'
    FROM talk_cast, generate_series(0, %(slots)s - 1) AS n,
         date_bin(interval '3 minutes', now() + interval '1 hour', timestamptz 'epoch') AS first
"""

# Walk-ins of three charged minutes, and reservations of a slot: each cast has them at moments of its
# own, and each guest meets another cast every time. The triggers rest meanwhile: what they would look
# for has just been written.
_ENDED = """
    INSERT INTO talk (public_id, guest_id, cast_id, state, price_points, reward_yen, asked_at,
                      answer_by, answered_at, ended_at, ended_by, carried, carried_minutes, resumed,
                      shared, sessions, missing, minutes_charged, minutes_returned, minutes_waived,
                      minutes_refunded, minutes_borne)
    SELECT 'talk-' || n || '-' || cast_.id, guest.id, cast_.id, 'ended', 100, 50, at, at, at,
           at + interval '4 minutes', 'guest', interval '0', 0, false, interval '0', '', '', 3, 0, 0, 0, 0
    FROM generate_series(1, %(talks)s) AS n, people AS cast_ JOIN people AS guest USING (nth),
         LATERAL (SELECT %(month)s + n * interval '8 hours' + cast_.nth * interval '1 second')
             AS moment (at)
    WHERE cast_.role = 'cast' AND guest.role = 'guest'
"""
_BOOKINGS = """
    INSERT INTO booking (public_id, guest_id, cast_id, state, slots, price_points, reward_yen,
                         starts_at, ends_at, talk_starts_at, talk_ends_at, free_cancel_until,
                         cast_cancel_until, report_until, form_key, shown, booked_at, extended)
    SELECT 'booking-' || n || '-' || cast_.id, guest.id, cast_.id, 'settled', 1, 300, 150, at,
           at + interval '180 seconds', at + interval '30 seconds', at + interval '150 seconds', at,
           at, at + interval '780 seconds', 'form-' || n || '-' || cast_.id, '{}', at, 0
    FROM generate_series(1, %(bookings)s) AS n, people AS cast_ JOIN people AS guest USING (nth),
         LATERAL (SELECT %(month)s + n * interval '1 day' + cast_.nth %% 400 * interval '3 minutes')
             AS moment (at)
    WHERE cast_.role = 'cast' AND guest.role = 'guest'
"""
_SETTLEMENTS = """
    INSERT INTO settlement (booking_id, outcome, returned_points, earned_yen, missed_seconds, words,
                            settled_at)
    SELECT id, 'completed', 0, slots * reward_yen, 0, '', report_until FROM booking
"""


def casts(connection: psycopg.Connection, count: int, *, sentences: int = 8) -> None:
    """A list of so many casts, a few of them online, with profiles of so many sentences."""
    connection.execute(_PRICES)
    connection.execute(_CATEGORIES)
    connection.execute(ACCOUNTS, {"role": "cast", "count": count})
    connection.execute(_CASTS, {"online": ONLINE_OF_A_HUNDRED, "sentences": sentences})
    connection.execute("VACUUM ANALYZE")


def talks(connection: psycopg.Connection, count: int) -> None:
    """So many guests with points, each in a running talk with a cast; nobody has joined yet."""
    casts(connection, count, sentences=0)
    connection.execute(ACCOUNTS, {"role": "guest", "count": count})
    connection.execute("UPDATE talk_cast SET state = 'in_talk'")
    for statement in (_LOTS, _PURCHASES, _ROOMS, _TALKS):
        connection.execute(statement)
    connection.execute("VACUUM ANALYZE")


def bookable(connection: psycopg.Connection, guests: int, *, casts_: int, slots: int) -> None:
    """So many guests with points, and casts with so many free slots each from an hour ahead on."""
    casts(connection, casts_, sentences=0)
    connection.execute(ACCOUNTS, {"role": "guest", "count": guests})
    for statement in (_LOTS, _PURCHASES):
        connection.execute(statement)
    connection.execute(_SLOTS, {"slots": slots})
    connection.execute("VACUUM ANALYZE")


def earned(
    connection: psycopg.Connection, count: int, *, month: datetime, talks: int, bookings: int
) -> None:
    """So many casts, each with so many walk-ins and reservations in a month: 150 yen each.

    They are over, paid and settled; of points and presence there is no record.
    """
    casts(connection, count, sentences=0)
    connection.execute(ACCOUNTS, {"role": "guest", "count": count})
    connection.execute(
        "CREATE TEMP TABLE people AS SELECT id, role,"
        " row_number() OVER (PARTITION BY role ORDER BY id) AS nth FROM account"
    )
    connection.execute("SET session_replication_role = replica")
    connection.execute(_ENDED, {"month": month, "talks": talks})
    connection.execute(_BOOKINGS, {"month": month, "bookings": bookings})
    connection.execute(_SETTLEMENTS)
    connection.execute("SET session_replication_role = origin")
    connection.execute("VACUUM ANALYZE")
    connection.execute("CHECKPOINT")


def make_due(connection: psycopg.Connection, count: int) -> None:
    """Let so many talks owe their next minute, and fill the lots again, so that it splits again."""
    connection.execute("UPDATE point_lot SET remaining = points WHERE remaining < points")
    connection.execute("UPDATE talk SET next_charge_at = NULL WHERE next_charge_at IS NOT NULL")
    connection.execute(
        """
        UPDATE talk SET next_charge_at = now() - interval '20 seconds', evidence_at = now()
        WHERE id IN (SELECT id FROM talk ORDER BY id LIMIT %s)
        """,
        [count],
    )
    connection.execute("VACUUM talk, point_lot")
