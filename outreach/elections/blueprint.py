"""The one blueprint of the pages of elections, which stand in three files."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("elections", __name__)
