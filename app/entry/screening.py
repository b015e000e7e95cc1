"""What an operator does with an application: asks for more, passes it, refuses it (C19 to C23).

Each act locks the application and names the last act that its operator saw. So of two who decide
at the same moment the first holds, and the second is told.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from app import audit, policy
from app.casts.models import Rank
from app.clock import JAPAN
from app.db import session, unguessable
from app.entry import admission, checks, viewing
from app.entry.checks import Checked
from app.entry.models import (
    WAITING_STATES,
    Application,
    ApplicationState,
    IdentityPicture,
    ScreeningStep,
    StepKind,
)
from app.errors import N_, Problem, Refused

WORDS_LENGTH = 1000  # characters


def find(public_id: str) -> Application | None:
    """The application of this name, once it was sent; a draft is its writer's alone."""
    wanted = select(Application).where(
        Application.public_id == public_id, Application.state != ApplicationState.DRAFT
    )
    return session.scalars(wanted).one_or_none()


def steps_of(application: Application) -> Sequence[ScreeningStep]:
    wanted = select(ScreeningStep).filter_by(application_id=application.id)
    return session.scalars(wanted.order_by(ScreeningStep.id)).all()


def find_proposal(application: Application) -> ScreeningStep | None:
    """The pass that one operator proposes and another has to confirm."""
    last = _last(application)
    is_open = application.state is ApplicationState.APPLIED
    return last if is_open and last and last.kind is StepKind.PROPOSED_PASS else None


def proposed_among(applications: Sequence[Application]) -> set[int]:
    """The ids of those whose pass is proposed and waits for another operator."""
    waiting = [each.id for each in applications if each.state is ApplicationState.APPLIED]
    last = select(func.max(ScreeningStep.id)).where(ScreeningStep.application_id.in_(waiting))
    proposals = select(ScreeningStep.application_id).where(
        ScreeningStep.id.in_(last.group_by(ScreeningStep.application_id)),
        ScreeningStep.kind == StepKind.PROPOSED_PASS,
    )
    return set(session.scalars(proposals))


def ask(application_id: int, *, words: str, seen: int, by: int, now: datetime) -> ScreeningStep:
    """Ask for another picture (D28). The link that lets the applicant send it is a new one."""
    application = get_locked(application_id)
    if before := _pressed_before(application, StepKind.ASKED, by=by, seen=seen):
        return before
    _guard(_why_not_decide(application, seen=seen) + why_not_say(words))
    application.state = ApplicationState.MORE_DOCUMENTS
    application.key, application.key_until = unguessable(), now + policy.MORE_DOCUMENTS_WITHIN
    return _write(application, StepKind.ASKED, words=words.strip(), by=by, now=now)


def admit(
    application_id: int,
    *,
    rank: Rank,
    checked: Checked,
    knows_number: bool,
    people: int,
    seen: int,
    by: int,
    now: datetime,
) -> ScreeningStep:
    """Pass an application with a rank; where two people decide, the first one proposes it."""
    application = get_locked(application_id)
    kind = StepKind.PROPOSED_PASS if people > 1 else StepKind.PASSED
    if before := _pressed_before(application, kind, by=by, seen=seen):
        return before
    _guard(_why_not_decide(application, seen=seen))
    problems = [
        *_why_not_look(application, by=by),
        *_why_not_rank(rank),
        *checks.why_not_checked(checked, application, today=now.astimezone(JAPAN).date()),
        *admission.why_not_admit(application, now=now),
    ]
    if not knows_number and checks.find_same_number(application, checked):
        text = N_("A document of this number was checked for another application before.")
        problems.append(Problem(code="same_number", about="knows_number", text=text))
    _guard(problems)
    checks.write(application, checked, by=by, now=now)
    if kind is StepKind.PASSED:
        return _pass(application, rank=rank, by=by, now=now)
    application.state = ApplicationState.APPLIED
    return _write(application, kind, rank=rank, by=by, now=now)


def why_not_confirm(application: Application, *, by: int) -> list[Problem]:
    """Why this operator cannot make the proposed pass one; an empty list where they can."""
    proposal = find_proposal(application)
    if proposal is None:
        text = N_("Nobody proposes to pass this application now.")
        return [Problem(code="no_proposal", text=text)]
    if proposal.by == by:
        text = N_("You have proposed it yourself. Another operator has to confirm it.")
        return [Problem(code="same_person", text=text)]
    return []


def confirm(application_id: int, *, seen: int, by: int, now: datetime) -> ScreeningStep:
    """The second of two people makes the proposed pass one."""
    application = get_locked(application_id)
    if before := _pressed_before(application, StepKind.PASSED, by=by, seen=seen):
        return before
    _guard(_why_not_decide(application, seen=seen))
    _guard(
        [
            *why_not_confirm(application, by=by),
            *_why_not_look(application, by=by),
            *admission.why_not_admit(application, now=now),
        ]
    )
    proposal = find_proposal(application)
    assert proposal and proposal.rank, "a confirmed pass was proposed with a rank"
    return _pass(application, rank=proposal.rank, by=by, now=now)


def refuse(application_id: int, *, words: str, seen: int, by: int, now: datetime) -> ScreeningStep:
    """Refuse an application; the words are its reason, and the applicant reads them."""
    application = get_locked(application_id)
    if before := _pressed_before(application, StepKind.REFUSED, by=by, seen=seen):
        return before
    _guard(_why_not_decide(application, seen=seen) + why_not_say(words))
    application.state, application.decided_at = ApplicationState.FAILED, now
    return _write(application, StepKind.REFUSED, words=words.strip(), by=by, now=now)


def why_not_say(words: str) -> list[Problem]:
    if not words.strip():
        text = N_("Please write to the applicant in a sentence.")
        return [Problem(code="nothing_said", about="words", text=text)]
    if len(words.strip()) > WORDS_LENGTH:
        text = N_("Please use at most %(max)d characters.")
        return [Problem(code="too_long", about="words", text=text, values={"max": WORDS_LENGTH})]
    return []


def get_locked(application_id: int) -> Application:
    """The application as it stands, held until this transaction ends."""
    wanted = select(Application).filter_by(id=application_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def _pass(application: Application, *, rank: Rank, by: int, now: datetime) -> ScreeningStep:
    account = admission.make_cast(application, rank=rank, now=now)
    application.account_id = account.id
    application.state, application.decided_at = ApplicationState.PASSED, now
    return _write(application, StepKind.PASSED, rank=rank, by=by, now=now)


def _write(
    application: Application,
    kind: StepKind,
    *,
    by: int,
    now: datetime,
    rank: Rank | None = None,
    words: str = "",
) -> ScreeningStep:
    step = ScreeningStep(
        application_id=application.id, kind=kind, by=by, at=now, rank=rank, words=words
    )
    session.add(step)
    session.flush()
    facts = {"step": step.id} | ({"rank": rank.value} if rank else {})
    audit.note(f"application.{kind}", about=viewing.about(application.id), by=by, now=now, **facts)
    session.flush()
    return step


def _why_not_decide(application: Application, *, seen: int) -> list[Problem]:
    if application.state not in WAITING_STATES:
        text = N_("This application has been decided meanwhile. It stands as it was decided.")
        return [Problem(code="decided", text=text)]
    last = _last(application)
    if last and last.id != seen:
        text = N_("Somebody else has worked on this application meanwhile. Please look again.")
        return [Problem(code="changed", text=text)]
    return []


def _why_not_look(application: Application, *, by: int) -> list[Problem]:
    """Nobody passes what they have not seen."""
    pictures: Sequence[IdentityPicture] = viewing.pictures_of(application)
    if not pictures:
        text = N_("No document is there. Please ask for one.")
        return [Problem(code="no_document", text=text)]
    if unseen := viewing.find_unseen(pictures, by=by):
        text = N_("Please open every picture first; you have not seen %(number)s of them.")
        return [Problem(code="unseen", text=text, values={"number": len(unseen)})]
    return []


def _why_not_rank(rank: Rank) -> list[Problem]:
    if rank in policy.FIRST_RANKS:
        return []
    text = N_("Platinum and Black are given by invitation only, not at the entry.")
    return [Problem(code="not_first", about="rank", text=text)]


def _pressed_before(
    application: Application, kind: StepKind, *, by: int, seen: int
) -> ScreeningStep | None:
    """What the first press of the same person has written."""
    last = [step for step in steps_of(application) if step.id > seen]
    is_mine = len(last) == 1 and last[0].kind is kind and last[0].by == by
    return last[0] if is_mine else None


def _last(application: Application) -> ScreeningStep | None:
    wanted = select(ScreeningStep).filter_by(application_id=application.id)
    return session.scalars(wanted.order_by(ScreeningStep.id.desc()).limit(1)).one_or_none()


def _guard(problems: list[Problem]) -> None:
    if problems:
        raise Refused(*problems)
