"""The application and its commands, as a web server and `flask --app wsgi` find them."""

import os
import sys

from portal import cli
from portal.app import create_app
from portal.config import Settings, WrongSettings
from portal.schema import WrongStamp

try:
    app = create_app(Settings.from_environment(os.environ))
    cli.install(app)
except WrongSettings as wrong:
    sys.exit("\n".join(wrong.lines))
except WrongStamp as wrong:
    sys.exit(str(wrong))
