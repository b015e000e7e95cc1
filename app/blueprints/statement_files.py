"""A statement as a file, for its cast and for the office."""

from flask import Response
from flask_babel import lazy_gettext as _

from app.payouts import statement_file
from app.payouts.statements import LineKind, Statement

KINDS = {
    LineKind.WALK_IN: _("Talk by the minute"),
    LineKind.RESERVED: _("Reserved talk"),
    LineKind.MORE: _("Reserved talk, added by a later decision"),
}


def answer_with(statement: Statement) -> Response:
    """The file, to be saved under a name that says which it is."""
    name = statement_file.name_of(statement)
    return Response(
        statement_file.write(statement),
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
