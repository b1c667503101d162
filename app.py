"""Every route, message and clock of a school. Each body: read, one piece of work, answer."""

from __future__ import annotations

from chalice.app import Chalice, CloudWatchEvent, ConvertToMiddleware, Rate

from chalicelib import wiring
from chalicelib.observability import logger
from chalicelib.routes.http import render_refusals
from chalicelib.routes.public import public

app = Chalice(app_name="small-wins", configure_logs=False)
app.register_middleware(ConvertToMiddleware(logger.inject_lambda_context(clear_state=True)))
app.register_middleware(render_refusals, "http")
app.register_blueprint(public)


@app.schedule(Rate(10, unit=Rate.MINUTES))
def publish(_event: CloudWatchEvent) -> dict[str, object]:
    """Publish what changed since the last time."""
    done = wiring.publish_now()
    logger.info("published", extra={"version": done.version, "weeks": done.weeks, "wrote": done.wrote})
    return {"version": done.version, "weeks": done.weeks, "wrote": done.wrote}
