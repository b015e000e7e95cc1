"""The register for what belongs to no room."""

from app.personal_data.entry import BOOKS, MAILS, OF_ACCOUNT, Entry, nobodys

ROOMS: dict[str, tuple[Entry, ...]] = {
    "everywhere": (
        Entry(
            table="mail",
            whose="everybody who gets mail",
            purpose="The outbox, and questions about a mail",
            stays=MAILS,
            plain="id key state tries next_try_at not_after sent_at created_at erased_at account_id",
            erased="to subject body stop_url",
            why="The very last mail to who leaves goes out first, and is erased with its time;"
            " so are mails to a cast that name the guest",
            mine=OF_ACCOUNT,
            withheld="key stop_url",
            mailed="body",
        ),
        Entry(
            table="audit_entry",
            whose="everybody",
            purpose="Who did what; names accounts by number, and holds no name and no address",
            stays=BOOKS,
            plain="id",
            kept="at by did about facts",
            why="Proof of access to personal data and money; append-only (個人情報保護法23条)",
            mine='"by" = :guest_id',
        ),
        nobodys("site_text", "id kind version holds_from body_ja body_en fields written_by at"),
        nobodys("job_beat", "name started_at finished_at error"),
    ),
}
