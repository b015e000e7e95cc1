"""The steps of an application that bring photographs: profile picture, identity document (C9, C11)."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm
from PIL import Image
from werkzeug.exceptions import RequestEntityTooLarge

from app import clock, policy
from app.blueprints.applying import by_link, drafts_only, shown
from app.blueprints.applying_forms import DOCUMENT_KINDS, DocumentsForm, KindForm, PictureForm
from app.blueprints.pictures import takes_photographs
from app.entry import documents as papers
from app.entry import opening, steps
from app.entry.models import Application, ApplicationState, DocumentKind
from app.errors import N_, Problem, Refused
from app.guards import limiter
from app.pictures import keeping, photographs
from app.pictures.photographs import Crop
from app.web import Answer, form_again, undone

bp = Blueprint("applying_photographs", __name__)

PICTURE, DOCUMENTS = "applying/picture.html", "applying/documents.html"


@bp.get("/cast/entry/<key>/picture")
@by_link
@drafts_only
def picture(application: Application) -> Answer:
    return render_template(PICTURE, form=PictureForm(), problems=[], **_picture_facts(application))


@bp.post("/cast/entry/<key>/picture")
@takes_photographs
@limiter.limit(policy.UPLOAD_TRIES)
@by_link
@drafts_only
def keep_picture(application: Application) -> Answer:
    """Keep the picture, cut as chosen; one looks at it before going on."""
    form = PictureForm()
    try:
        crop = _crop(form) if form.validate() else None
        steps.keep_picture(application, _one_photograph(), crop=crop, now=clock.now())
    except Refused as refusal:
        problems = undone(refusal)
        facts = _picture_facts(application)
        return form_again(PICTURE, page=PICTURE, form=form, problems=problems, **facts)
    return redirect(url_for(".picture", key=application.key), code=303)


@bp.get("/cast/entry/<key>/documents")
@by_link
def documents(application: Application) -> Answer:
    if application.state not in {ApplicationState.DRAFT, ApplicationState.MORE_DOCUMENTS}:
        return redirect(url_for("applying.show", key=application.key), code=303)
    facts = _documents_facts(application)
    return render_template(DOCUMENTS, form=DocumentsForm(), problems=[], **facts)


@bp.post("/cast/entry/<key>/documents/kind")
@by_link
def choose_kind(application: Application) -> Answer:
    form = KindForm()
    if not form.validate():
        facts = {**_documents_facts(application), "kind_form": form}
        return form_again(DOCUMENTS, page=DOCUMENTS, form=DocumentsForm(), **facts)
    papers.choose_kind(application, DocumentKind(form.kind.data))
    return redirect(url_for(".documents", key=application.key), code=303)


@bp.post("/cast/entry/<key>/documents")
@takes_photographs
@limiter.limit(policy.UPLOAD_TRIES)
@by_link
def add_documents(application: Application) -> Answer:
    """Keep what was photographed: all of it, or nothing where a file is none that can be read."""
    form = DocumentsForm()
    try:
        new = papers.add(application, papers.read(_files()), now=clock.now())
    except Refused as refusal:
        problems = undone(refusal)
        facts = _documents_facts(application)
        return form_again(DOCUMENTS, page=DOCUMENTS, form=form, problems=problems, **facts)
    if not new:
        flash(gettext("We have this file already."))
    return redirect(url_for(".documents", key=application.key), code=303)


@bp.post("/cast/entry/<key>/documents/<public_id>/removal")
@by_link
def remove_document(application: Application, public_id: str) -> Answer:
    if not papers.remove(application, public_id):
        abort(404)
    return redirect(url_for(".documents", key=application.key), code=303)


@bp.get("/cast/entry/<key>/documents/<public_id>.jpg")
@by_link
def preview(application: Application, public_id: str) -> Answer:
    """A document as small as it helps, for who has the link; no cache keeps it."""
    return Response(papers.preview(application, public_id) or abort(404), mimetype="image/jpeg")


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Answer:
    """Said beside the field; what was sent has not been read."""
    application = opening.find((request.view_args or {})["key"], now=clock.now()) or abort(404)
    is_picture = request.endpoint == f"{bp.name}.keep_picture"
    page, drawn = (PICTURE, PictureForm) if is_picture else (DOCUMENTS, DocumentsForm)
    form: FlaskForm = drawn(formdata=None)
    facts = (_picture_facts if is_picture else _documents_facts)(application)
    text, megabytes = (
        N_("A file can have %(megabytes)s MB at most."),
        policy.PHOTO_BYTES // 1_000_000,
    )
    why = Problem(code="413", about="photos", text=text, values={"megabytes": megabytes})
    html, _ = form_again(page, page=page, form=form, problems=[why], **facts)
    return html, 413


def _files() -> list[tuple[str, bytes]]:
    """What was chosen; a browser sends an empty file where nothing was."""
    files = []
    for each in request.files.getlist("photos"):
        with each.stream as stream:
            if each.filename:
                files.append((each.filename, stream.read()))
    return files


def _one_photograph() -> Image.Image:
    for _name, data in _files():
        return photographs.read(data, about="photos")
    text = N_("Please choose a photograph.")
    raise Refused(Problem(code="no_photos", about="photos", text=text))


def _crop(form: PictureForm) -> Crop | None:
    """The part that was chosen; without a script, none was."""
    left, top, side = form.left.data, form.top.data, form.side.data
    if left is None or top is None or side is None:
        return None
    return Crop(left=left, top=top, side=side)


def _picture_facts(application: Application) -> dict[str, object]:
    picture = keeping.portrait_of(application.picture_id)
    return {"picture": picture, **shown(application, "picture")}


def _documents_facts(application: Application) -> dict[str, object]:
    return {
        "kind_form": KindForm(formdata=None, data={"kind": application.document_kind}),
        "kinds": DOCUMENT_KINDS,
        "received": papers.received(application),
        "room_left": papers.room_left(application),
        "asked": papers.last_request(application),
        **shown(application, "documents"),
    }
