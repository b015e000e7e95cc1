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
            erased="email password_hash nickname born_on locale calendar_key suspended_at"
            " suspended_because",
            mine="id = :guest_id",
            withheld="password_hash calendar_key",
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
            table="sign_in",
            whose="each person",
            purpose="Which devices are signed in, so that one can be signed out",
            stays=f"{policy.SIGN_IN_KEPT.days} days after it ended (people.forget)",
            plain="id public_id with_code",
            erased="account_id key device signed_in_at ended_at",
            goes=True,
            mine=OF_ACCOUNT,
            withheld="key",
        ),
        Entry(
            table="email_change",
            whose="each person",
            purpose="Changing an address, and taking it back",
            stays=f"{policy.EMAIL_CHANGES_KEPT.days} days (people.forget)",
            plain="id public_id may_revert",
            erased="account_id old_email new_email state asked_at state_at",
            goes=True,
            mine=OF_ACCOUNT,
        ),
        Entry(
            table="password_request",
            whose="whoever asks for a new password",
            purpose="The link to a new password",
            stays="some seconds, until it is answered",
            plain="id role",
            erased="email asked_at",
            goes=True,
        ),
        Entry(
            table="second_factor",
            whose="operators",
            purpose="The second step of an operator's login, sealed",
            stays="while the operator works here",
            plain="account_id last_step confirmed_at",
            kept="secret waiting",
            why="Safety of everybody's data",
        ),
        nobodys("recovery_code", "id account_id mark used_at"),
        Entry(
            table="block",
            whose="guests and casts",
            purpose="That two people do not meet again; neither is told of the other's block",
            stays=OPEN,
            plain="public_id",
            erased="blocker_id blocked_id at",
            goes=True,
            mine="blocker_id = :guest_id",
            casts="blocked_id",
            withheld="public_id",
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
            stays="while the cast works here; rank, prices and ratings with the books of their talks",
            plain="account_id public_id price_points reward_yen slot_points slot_reward_yen rank"
            " state active_at beat_at misses wrap_up_until readiness rating_tenths joined_at"
            " rating_sum rating_count hidden_at",
            erased="name folded_name portrait age_band categories tagline profile career words"
            " site_url links",
        ),
        Entry(
            table="legal_name",
            whose="casts",
            purpose="Contract and payouts; never shown to guests (C10)",
            stays=f"while the cast works here, and {BOOKS} (policy.BOOKS_KEPT; casts.forget_books)",
            plain="account_id",
            kept="family_name given_name family_kana given_kana",
            why="Payment records (所得税法, 法人税法)",
        ),
        Entry(
            table="bank_account",
            whose="casts",
            purpose="Where rewards are paid to; the number is sealed",
            stays=f"while it counts, and {BOOKS} after it was replaced or its cast has left"
            " (casts.forget_books)",
            plain="id public_id account_id added_at replaced_at reviewed_by reviewed_at",
            kept="bank_code bank_name branch_code branch_name kind number number_mark holder"
            " holder_ok verdict said came_back_at",
            why="Proof of where each reward went (所得税法, 法人税法)",
        ),
        Entry(
            table="rank_invitation",
            whose="casts",
            purpose="A rank that the office offers, and the cast's answer (C16)",
            stays=BOOKS,
            plain="id public_id rank_before rank invited_by",
            kept="cast_id holds_from words state invited_at closed_at applied_at",
            why="A rank is a part of the contract: rewards follow from it",
        ),
        Entry(
            table="cast_memo",
            whose="casts",
            purpose="The cast's own memo, which nobody else reads (C51)",
            stays=OPEN,
            plain="version",
            erased="cast_id words saved_at",
            goes=True,
        ),
        Entry(
            table="guest_note",
            whose="guests, by casts",
            purpose="What one cast wants to remember of a guest; only that cast reads it (C51)",
            stays="until the guest or the cast leaves",
            plain="id public_id version",
            erased="cast_id guest_id words saved_at",
            goes=True,
        ),
        Entry(
            table="cast_picture",
            whose="casts",
            purpose="Which pictures a cast shows, in which order",
            stays="until replaced or taken back",
            plain="picture_id",
            erased="account_id position",
            goes=True,
        ),
        nobodys("rank_price", "rank holds_from price_points reward_percent slot_points"),
        nobodys("category", "slug name_ja name_en position"),
    ),
    "entry": (
        Entry(
            table="application",
            whose="applicants",
            purpose="Screening of casts (C5 to C21)",
            stays=f"a draft {policy.APPLICATION_KEPT.days} days, a refused one"
            f" {policy.REFUSED_APPLICATION_KEPT.days}, the words of a passed one"
            f" {policy.DOCUMENTS_KEPT.days}: then the cast's account alone has them"
            " (entry.forget_applications)",
            plain="id public_id key key_until linked_at state locale started_at submitted_at decided_at"
            " picture_id document_kind wished_rank categories account_id",
            kept="email consents family_name given_name family_kana given_kana born_on cast_name"
            " folded_name introduction",
            why="The decision, objections to it, and who applies again",
        ),
        Entry(
            table="identity_picture",
            whose="applicants",
            purpose="Proof of identity and age, sealed",
            stays=f"the picture {policy.DOCUMENTS_KEPT.days} days after a pass,"
            f" {policy.REFUSED_DOCUMENTS_KEPT.days} after a refusal",
            plain="id public_id application_id kind added_at deleted_at",
            kept="jpeg mark",
            why="The mark tells the same file again without keeping it (D44); of a refused application"
            " it goes with it",
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
            why="Proof of the age check of who works here; the number itself is not kept (D44)",
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
            erased="webp",
            goes=True,
        ),
    ),
}
