"""The app compresses its own answers, so that none depends on how a proxy in front is set up."""

from flask import Flask, Response
from flask_compress import Compress


def install(app: Flask) -> None:
    """Compress every answer that is worth it, whatever its status; call it after what writes answers.

    Flask-Compress leaves out all but 2xx. The pages of errors are as long as any other, and a form that
    comes back with 422 is the longest of all on a slow line.
    """
    app.config["COMPRESS_REGISTER"] = False
    compress = Compress(app)

    @app.after_request
    def shorten(response: Response) -> Response:
        status = response.status
        if response.status_code < 400:
            return compress.after_request(response)
        response.status_code = 200
        shortened = compress.after_request(response)
        shortened.status = status
        return shortened
