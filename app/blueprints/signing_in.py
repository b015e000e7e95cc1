"""Being built."""

from flask import Blueprint

bp = Blueprint("signing_in", __name__)
