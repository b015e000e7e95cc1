"""The register for points and payments."""

from app.personal_data.entry import BOOKS, LAW, OF_GUEST, Entry, nobodys

ROOMS: dict[str, tuple[Entry, ...]] = {
    "points": (
        Entry(
            table="point_lot",
            whose="guests",
            purpose="What a guest holds and when it expires",
            stays=BOOKS,
            plain="id",
            kept="guest_id kind points remaining price_yen bought_at expires_at",
            why=LAW,
            mine=OF_GUEST,
        ),
        Entry(
            table="point_entry",
            whose="guests",
            purpose="Each movement of points",
            stays=BOOKS,
            plain="id key",
            kept="lot_id delta reason about reverses at",
            why=LAW,
            mine="lot_id IN (SELECT id FROM point_lot WHERE guest_id = :guest_id)",
        ),
    ),
    "purchases": (
        Entry(
            table="purchase_order",
            whose="guests",
            purpose="What was bought, and what the final screen said",
            stays=BOOKS,
            plain="id public_id form_key back_to gateway",
            kept="guest_id points price_yen shown state created_at paid_at",
            why=LAW,
            mine=OF_GUEST,
            withheld="form_key",
        ),
        Entry(
            table="payment_notice",
            whose="guests",
            purpose="What the payment service said; no card number",
            stays=BOOKS,
            plain="id key state received_at",
            kept="body",
            why=LAW,
        ),
        nobodys(
            "sandbox_payment",
            "id order_public_id amount_yen outcome decided_at notify_at notified_at",
        ),
    ),
}
