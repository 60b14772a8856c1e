"""The portal as the bench serves it: with the machine's clock, as where people use it.

The demo's looks into a file each time anybody asks what time it is.
"""

from flask import Flask

from portal import app, clock


def create_app() -> Flask:
    """The portal of the environment's settings."""
    served = app.create_app()
    clock.use(clock.system_time)
    return served
