"""Every route, message and clock of a school. Each body: read, one piece of work, answer."""

from __future__ import annotations

from typing import Any

from chalice.app import Chalice, ConvertToMiddleware

from chalicelib import wiring
from chalicelib.observability import logger
from chalicelib.routes.exports import exports
from chalicelib.routes.http import only_by_the_front_door, render_refusals
from chalicelib.routes.leader import leader
from chalicelib.routes.oidc import oidc
from chalicelib.routes.passes import passes
from chalicelib.routes.public import public
from chalicelib.routes.queues import deal_with_each, deal_with_mail, deal_with_text
from chalicelib.routes.review import review
from chalicelib.routes.rights import rights
from chalicelib.routes.stories import stories
from chalicelib.routes.texts import texts
from chalicelib.routes.views import views

app = Chalice(app_name="small-wins", configure_logs=False)
app.register_middleware(ConvertToMiddleware(logger.inject_lambda_context(clear_state=True)))
app.register_middleware(render_refusals, "http")
app.register_middleware(only_by_the_front_door, "http")
app.register_blueprint(public)
app.register_blueprint(stories)
app.register_blueprint(texts)
app.register_blueprint(leader)
app.register_blueprint(oidc)
app.register_blueprint(exports)
app.register_blueprint(rights)
app.register_blueprint(review)
app.register_blueprint(passes)
app.register_blueprint(views)


@app.lambda_function()
def receive_mail(event: dict[str, Any], _context: object) -> dict[str, object]:
    """Make wins of the mails that SES put into the inbox."""
    return deal_with_each(event, deal_with_mail)


@app.lambda_function()
def receive_text(event: dict[str, Any], _context: object) -> dict[str, object]:
    """Make wins of the texts that AWS End User Messaging delivers."""
    return deal_with_each(event, deal_with_text)


@app.lambda_function()
def publish(_event: object, _context: object) -> dict[str, object]:
    """Publish what changed since the last time; the stack's clocks call it."""
    done = wiring.publish_now()
    told: dict[str, object] = {"version": done.version, "weeks": done.weeks, "wrote": done.wrote, "unread": done.unread}
    logger.info("published", extra=told)
    return told


@app.lambda_function()
def retain(_event: object, _context: object) -> dict[str, object]:
    """Remove what is older than the school keeps it, every night."""
    done = wiring.retain_now()
    told: dict[str, object] = {"wins": done.wins, "withdrawn": done.withdrawn, "on_hold": done.on_hold}
    logger.info("retained", extra=told)
    return told


@app.lambda_function()
def watch(event: dict[str, Any], _context: object) -> dict[str, object]:
    """Tell the admin what went wrong: three times a day what is late or lies dead, and each run that failed."""
    told: dict[str, object] = {"problems": list(wiring.watch_now(event))}
    logger.info("watched", extra=told)
    return told
