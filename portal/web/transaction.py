"""The one place where a request's transaction ends, after its answer is known and before it leaves."""

from typing import Any, Protocol

from flask import Flask, Response, g
from flask import session as cookie
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal import clock, db


class Recorder(Protocol):
    """Something kept with a request whatever its answer: the journal, when a session was last seen."""

    def pending(self, session: Session | None) -> Any:
        """What is to be written, taken over from here on; anything false when nothing is."""
        ...

    def write(self, session: Session, pending: Any, now: Any) -> None:
        """Write it, in the request's transaction or in one apart."""
        ...

    def kept(self, pending: Any) -> None:
        """It has been committed."""
        ...

    def spared(self, session: Session, pending: Any) -> bool:
        """Whether an answer that only reads may leave without it, where no room is left to write (S50)."""
        ...


def install(app: Flask, recorders: tuple[Recorder, ...]) -> None:
    """Commit on 2xx and 3xx of an unsafe method, roll back everything else.

    What the recorders hold joins the transaction, or goes apart when there is none to join. If it
    cannot be written, or the commit fails, the answer does not leave: the error's own page does.
    Call it after what adds to every answer, so that the error's page gets that as well.
    """

    @app.after_request
    def finish(response: Response) -> Response:
        try:
            _end(response, recorders)
        except Exception as error:
            # Nothing was kept, so "saved" must not be said.
            cookie.pop("_flashes", None)
            return app.make_response(app.handle_user_exception(error))
        return response

    @app.teardown_request
    def close(_: BaseException | None) -> None:
        session: Session | None = g.pop("session", None)
        if session is not None:
            session.close()


def _end(response: Response, recorders: tuple[Recorder, ...]) -> None:
    session: Session | None = g.pop("session", None)
    commits = g.pop("writing", False) and response.status_code < 400
    kept = [(recorder, recorder.pending(session)) for recorder in recorders]
    kept = [(recorder, pending) for recorder, pending in kept if pending]
    if session is not None and commits:
        with session:
            _write(session, kept)
            session.commit()
        _tell(kept)
        return
    if session is not None:
        session.close()
    if kept and _written_apart(kept):
        _tell(kept)


def _written_apart(kept: list[tuple[Recorder, Any]]) -> bool:
    """Whether it was written; False where no room is left and the answer may leave all the same (S50)."""
    try:
        with db.apart() as fresh:
            _write(fresh, kept)
    except OperationalError as error:
        if not db.is_full(error):
            raise
        with db.database().reading() as fresh:
            if not all(recorder.spared(fresh, pending) for recorder, pending in kept):
                raise
        return False
    return True


def _tell(kept: list[tuple[Recorder, Any]]) -> None:
    for recorder, pending in kept:
        recorder.kept(pending)


def _write(session: Session, kept: list[tuple[Recorder, Any]]) -> None:
    now = clock.now()
    for recorder, pending in kept:
        recorder.write(session, pending, now)
