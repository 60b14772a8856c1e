"""What everything is measured against: a bare Flask page of a given size with one ORM query behind it."""

import os

from flask import Flask, render_template
from flask_compress import Compress
from jinja2 import DictLoader
from sqlalchemy import select

from portal.db import Database
from portal.organisation.models import Organisation

PAGE = """<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><title>{{ name }}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>{{ name }}</h1><p>{{ filling }}</p></main></body></html>
"""
WORDS = "Du har ett möte på tisdag klockan tretton och det är om tre dagar. "


def filling(size: int) -> str:
    """Text that makes the page this many bytes long, give or take the name."""
    wanted = max(0, size - len(PAGE))
    return (WORDS * (wanted // len(WORDS) + 1)).encode()[:wanted].decode(errors="ignore")


def create_app() -> Flask:
    """One route, `/SIZE`; the database is the one that DATABASE_URL names."""
    app = Flask(__name__)
    # Read and compiled once, as any page's template is.
    app.jinja_loader = DictLoader({"page.html": PAGE})
    app.config.update({"COMPRESS_ALGORITHM": ["br", "gzip"], "COMPRESS_BR_LEVEL": 5})
    Compress(app)
    database = Database(os.environ["DATABASE_URL"])

    @app.get("/<int:size>")
    def page(size: int) -> str:
        with database.reading() as session:
            found = session.scalars(select(Organisation).order_by(Organisation.slug).limit(1)).one()
        return render_template("page.html", name=found.name, filling=filling(size))

    return app
