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
    "payouts": (
        Entry(
            table="claim",
            whose="casts",
            purpose="What a cast is to be paid, and when",
            stays=BOOKS,
            plain="id public_id form_key",
            kept="cast_id kind items yen claimed_at pay_on",
            why=LAW,
        ),
        Entry(
            table="claim_item",
            whose="casts",
            purpose="The talks in a claim",
            stays=BOOKS,
            plain="id claim_id talk_id booking_id case_id",
            kept="served_at units yen",
            why=LAW,
        ),
        nobodys("closing", "month begun_at finished_at swept_at swept_to whole"),
        nobodys(
            "remitter",
            "id code name bank_code bank_name branch_code branch_name account_kind account_number"
            " designation line_ends end_mark cast_bears_fee written_by at",
        ),
        nobodys("transfer_fee", "id bank_code branch_code from_yen holds_from fee_yen"),
        Entry(
            table="withholding",
            whose="casts",
            purpose="The income tax that is taken at the source",
            stays=f"while the cast works here, and {BOOKS} (payouts.forget_books)",
            plain="written_by at",
            kept="cast_id holds_from tax_class",
            why=LAW,
        ),
        nobodys(
            "payout_batch",
            "id public_id pay_on state remitter_id made_by made_at approved_by approved_at"
            " form_key file file_sha256 downloaded_at accepted_by accepted_at paid_by paid_at paid_on"
            " withdrawn_by withdrawn_at forgotten_at",
        ),
        Entry(
            table="payout",
            whose="casts",
            purpose="A transfer to a cast, with the account and the amounts",
            stays=f"{BOOKS}, then without account number, holder and statement (payouts.forget_books)",
            plain="id public_id batch_id new_code state returned_by",
            kept="cast_id bank_account_id bank_code bank_name branch_code branch_name account_kind"
            " account_number holder claimed_yen tax_class withheld_yen bank_fee_yen fee_yen"
            " transfer_yen returned_at returned_on return_reason statement",
            why=LAW,
        ),
        Entry(
            table="conditions_notice",
            whose="casts",
            purpose="The conditions of a cast's work in writing, with their real name",
            stays=f"{BOOKS} (payouts.forget_books)",
            plain="id public_id number fingerprint",
            kept="cast_id holds_from given_at content",
            why="Conditions in writing, and records of them (フリーランス法3条, 取適法4条・7条, 電子帳簿保存法)",
        ),
        Entry(
            table="conditions_seen",
            whose="casts",
            purpose="When a cast confirmed that they read their conditions",
            stays=f"{BOOKS}, with the notice",
            plain="notice_id",
            kept="at",
            why="Evidence that the conditions were received",
        ),
        nobodys("payout_claim", "payout_id claim_id live"),
        Entry(
            table="payout_left_out",
            whose="casts",
            purpose="Who was not paid with a batch, and why",
            stays=f"{BOOKS} (payouts.forget_books)",
            plain="batch_id",
            kept="cast_id yen reason",
            why=LAW,
        ),
        Entry(
            table="tax_registration",
            whose="casts",
            purpose="The number in the invoice system, where a cast has one; it stands on statements",
            stays=f"while it holds, and {BOOKS} (payouts.forget_books)",
            plain="id entered_at",
            kept="cast_id number holds_from",
            why=LAW,
        ),
    ),
    "books": (nobodys("closed_month", "month closed_at figures until_then sha256"),),
}
