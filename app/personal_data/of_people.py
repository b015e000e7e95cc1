"""The register for who is here: accounts, casts, applicants, their pictures."""

from app import policy
from app.personal_data.entry import BOOKS, OF_ACCOUNT, OF_GUEST, OPEN, Entry, nobodys

ROOMS: dict[str, tuple[Entry, ...]] = {
    "people": (
        Entry(
            table="account",
            whose="each person in one role",
            purpose="Signing in, mails, age check, what the other is called",
            stays=OPEN,
            plain="id public_id role created_at confirmed_at closed_at",
            erased="email password_hash nickname born_on session_key locale calendar_key",
            mine="id = :guest_id",
            secret="password_hash session_key calendar_key",  # noqa: S106 - names of columns
        ),
        Entry(
            table="consent",
            whose="guests, casts",
            purpose="Proof of what was agreed to, and when",
            stays=BOOKS,
            plain="id",
            kept="account_id terms version at",
            why="The contract behind the records below",
            mine=OF_ACCOUNT,
        ),
        Entry(
            table="device_check",
            whose="guests, casts",
            purpose="Does this device carry a call",
            stays=OPEN,
            plain="id passed",
            erased="account_id at device camera microphone speaker echo connection",
            goes=True,
            mine=OF_ACCOUNT,
        ),
        Entry(
            table="mail_choices",
            whose="guests, casts",
            purpose="Which mails come",
            stays=OPEN,
            erased="account_id expiry reminders messages openings favourites tell_from tell_until"
            " chosen_at",
            goes=True,
            mine=OF_ACCOUNT,
        ),
    ),
    "casts": (
        Entry(
            table="favourite",
            whose="guests",
            purpose="Finding a cast again, and hearing when they stand by",
            stays=OPEN,
            erased="guest_id cast_id created_at tells_since told_at",
            goes=True,
            mine=OF_GUEST,
        ),
        Entry(
            table="talk_cast",
            whose="casts",
            purpose="How guests see a cast; prices, state and rating",
            stays="while the cast works here, and with the books of their talks",
            plain="account_id public_id price_points reward_yen slot_points slot_reward_yen rank"
            " state active_at beat_at misses wrap_up_until readiness rating_tenths joined_at"
            " rating_sum rating_count",
            kept="name folded_name portrait age_band categories tagline profile career words",
            why="The contract with the cast, and the other side of the guests' records",
        ),
        Entry(
            table="legal_name",
            whose="casts",
            purpose="Contract and payouts; never shown to guests (C10)",
            stays=BOOKS,
            plain="account_id",
            kept="family_name given_name family_kana given_kana",
            why="Payment records (所得税法, 法人税法)",
        ),
        nobodys("rank_price", "rank holds_from price_points reward_percent slot_points"),
        nobodys("category", "slug name_ja name_en position"),
    ),
    "entry": (
        Entry(
            table="application",
            whose="applicants",
            purpose="Screening of casts (C5 to C21)",
            stays=f"a draft {policy.APPLICATION_KEPT.days} days; then with the contract",
            plain="id public_id key key_until state locale started_at submitted_at decided_at"
            " picture_id document_kind wished_rank categories account_id",
            kept="email consents family_name given_name family_kana given_kana born_on cast_name"
            " folded_name introduction",
            why="The contract with the cast, and proof of the age check",
        ),
        Entry(
            table="identity_picture",
            whose="applicants",
            purpose="Proof of identity and age, sealed",
            stays=f"the picture {policy.DOCUMENTS_KEPT.days} days after a pass,"
            f" {policy.REFUSED_DOCUMENTS_KEPT.days} after a refusal",
            plain="id public_id application_id kind added_at deleted_at",
            kept="jpeg mark",
            why="The mark tells the same file again without keeping it (D44)",
        ),
        Entry(
            table="screening_step",
            whose="applicants",
            purpose="Who decided what",
            stays="with the application",
            plain="id application_id kind by at rank",
            kept="words",
            why="Proof of the screening",
        ),
        Entry(
            table="document_check",
            whose="applicants",
            purpose="What was checked, once the pictures are gone",
            stays="with the application",
            plain="id application_id kind face_ok name_ok born_ok address_ok by at",
            kept="issuer number_mark",
            why="Proof of the age check; the number itself is not kept (D44)",
        ),
    ),
    "pictures": (
        nobodys("picture", "id public_id made_at"),
        Entry(
            table="picture_size",
            whose="casts",
            purpose="Profile pictures, which anybody may see",
            stays="until replaced or taken back",
            plain="picture_id pixels",
            kept="webp",
            why="The cast's own publication",
        ),
    ),
}
