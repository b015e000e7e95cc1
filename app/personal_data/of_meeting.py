"""The register for reservations, talks, and what is said about them."""

from app.personal_data.entry import (
    BOOKS,
    LAW,
    OF_ACCOUNT,
    OF_BOOKING,
    OF_GUEST,
    OF_TALK,
    OPEN,
    PROOF,
    SAFETY,
    WORDS,
    Entry,
    nobodys,
)

ROOMS: dict[str, tuple[Entry, ...]] = {
    "bookings": (
        nobodys("slot", "cast_id starts_at ends_at booking_id"),
        Entry(
            table="booking",
            whose="guests and casts",
            purpose="Who reserved whom, when, and for how much",
            stays=BOOKS,
            plain="id public_id form_key",
            kept="guest_id cast_id state slots price_points reward_yen starts_at ends_at"
            " talk_starts_at talk_ends_at free_cancel_until cast_cancel_until report_until shown"
            " booked_at extended guest_wants_more_at cast_wants_more_at",
            why=LAW,
            mine=OF_GUEST,
            secret="form_key",  # noqa: S106 - the name of a column
        ),
        Entry(
            table="settlement",
            whose="guests and casts",
            purpose="Who got what of a reservation",
            stays=BOOKS,
            kept="booking_id outcome returned_points earned_yen missed_seconds words settled_at"
            " decided_at",
            why=LAW,
            mine=OF_BOOKING,
        ),
        Entry(
            table="completion",
            whose="guests and casts",
            purpose="The cast's report to the office; no guest reads it (D24)",
            stays=BOOKS,
            kept="booking_id kind impression stars filed_at late",
            why=PROOF,
        ),
        Entry(
            table="booking_notice",
            whose="guests and casts",
            purpose="What one of the two was told, once",
            stays=BOOKS,
            plain="id",
            kept="booking_id account_id kind number at mailed_at seen_at withdrawn_at",
            why=PROOF,
            mine=OF_ACCOUNT,
        ),
        Entry(
            table="opening_call",
            whose="guests",
            purpose="Hearing when booking opens",
            stays=OPEN,
            erased="guest_id cast_id starts_at asked_at told_at",
            goes=True,
            mine=OF_GUEST,
        ),
    ),
    "talks": (
        Entry(
            table="talk",
            whose="guests and casts",
            purpose="Charging by presence; receipts; disputes. Never for anything else (通信の秘密)",
            stays=BOOKS,
            plain="id public_id room sessions fault",
            kept="guest_id cast_id state price_points reward_yen asked_at answer_by answered_at"
            " ended_at ended_by booking_id ends_by carried carried_minutes resumed shared"
            " shared_since evidence_at last_event_at missing left_by left_at minutes_charged"
            " minutes_returned minutes_waived next_charge_at",
            why=LAW,
            mine=OF_GUEST,
            secret="sessions room",  # noqa: S106 - names of columns
        ),
        Entry(
            table="presence_event",
            whose="guests and casts",
            purpose="The evidence that charges follow from",
            stays=BOOKS,
            plain="id video_event_id boot seq kind",
            kept="talk_id at people since",
            why=PROOF,
        ),
        Entry(
            table="talk_rating",
            whose="guests",
            purpose="Stars, and a line on the cast's page",
            stays="the line while the account is open; the stars with the talk",
            erased="line",
            kept="talk_id stars at",
            why="The cast's average",
            mine=OF_TALK,
        ),
        Entry(
            table="talk_report",
            whose="guests and casts",
            purpose="What one of the two reported; only the office reads it",
            stays=BOOKS,
            plain="id",
            kept="talk_id party reason words at",
            why=SAFETY,
            mine=f"party = 'guest' AND {OF_TALK}",
        ),
    ),
    "messages": (
        Entry(
            table="message",
            whose="guests and casts",
            purpose="What the two wrote about a reservation",
            stays=WORDS,
            plain="id",
            kept="booking_id party words at read_at flagged",
            why="The other's copy of a letter they received, and the proof of one that hurts"
            " (電気通信事業法4条: nobody else reads it)",
            mine=f"party = 'guest' AND {OF_BOOKING}",
        ),
    ),
    "desk": (
        nobodys("checkup", "id asked_at asked_by waiting finished_at differences found"),
        Entry(
            table="desk_case",
            whose="guests and casts",
            purpose="Deciding what a settlement leaves open, and objections",
            stays=BOOKS,
            plain="id public_id decided_by",
            kept="booking_id kind party words opened_at decided_at returned_points earned_yen said",
            why=SAFETY,
            mine=f"(party = 'guest' OR party IS NULL) AND {OF_BOOKING}",
        ),
    ),
    "video": (
        Entry(
            table="video_room",
            whose="guests and casts",
            purpose="Which room a talk has, and when it closes",
            stays=BOOKS,
            plain="name version told",
            kept="guest_id cast_id opened_at closes_at closed_at closed_because",
            why=PROOF,
        ),
        Entry(
            table="video_event",
            whose="guests and casts",
            purpose="The inbox of presence; picture and voice never pass here",
            stays="some days once it is read (video.forget)",
            plain="id event_id boot seq kind at received_at drained_at trouble",
            kept="body",
            why="Names rooms and accounts by meaningless ids only",
        ),
        nobodys("video_server", "id asked_at answered_at trouble waiting gone"),
        nobodys(
            "embedded_occupant",
            "id room person page session joined_at pulsed_at media_at left_at on_purpose",
        ),
        nobodys("embedded_signal", "id sender recipient number body at"),
        nobodys("embedded_event", "id event_id boot seq kind at body sent_at"),
        nobodys("embedded_boot", "id boot seq started_at"),
    ),
}
