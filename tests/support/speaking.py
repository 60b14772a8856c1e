"""An app that can do nothing but speak: for texts, which need translations and no database."""

from flask import Flask

from portal.app import ROOT
from portal.web import words


def speaking_app() -> Flask:
    """A Flask app with the portal's translations."""
    app = Flask("speaking")
    words.install(app, ROOT / "translations", "https://www.example.se")
    return app
