"""Being built."""

from flask import Blueprint

bp = Blueprint("cast_room", __name__)
