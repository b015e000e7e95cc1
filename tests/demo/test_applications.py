from sqlalchemy import select

from app import demo
from app.db import session
from app.entry.models import Application, ApplicationState, DocumentKind, IdentityPicture
from tests.factories import NOON


def test_the_demo_has_applications_of_every_kind_of_document_and_one_begun():
    demo.fill(now=NOON)

    found = session.scalars(select(Application).order_by(Application.id)).all()
    assert {each.document_kind for each in found} - {None} == set(DocumentKind)
    assert [each.state for each in found].count(ApplicationState.DRAFT) == 1
    pictures = session.scalars(select(IdentityPicture.application_id)).all()
    assert len(pictures) == 6 and len(set(pictures)) == 5
