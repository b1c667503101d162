"""The whole product on this machine: `make run`.

Settings: `PORT` (8000), `SMTP_PORT` (8025), `ENGINE` (`moto`, or `dynamodb-local` to keep wins in `.local/`),
`SAMPLE` (`yes`, or `no` for an empty school), `SCHOOL` (a school file), `PUBLISH_EVERY` (seconds, 10).
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from tqdm import tqdm

from chalicelib import wiring
from chalicelib.domain.school import School
from chalicelib.domain.school_file import SchoolFileProblems
from chalicelib.observability import logger
from chalicelib.work.configure import configure_school
from infra import sample
from infra.connection import forget_running, remember
from infra.engine import Missing, running_engine
from infra.front import copy_static_files, serving
from infra.postbox import taking_mail
from infra.queues import queues_served
from infra.schoolfile import SAMPLE, load_school
from infra.trial import Trial

_HIGHEST_PORT = 65_535
_ENGINES = ("moto", "dynamodb-local")


def _say(text: str) -> None:
    print(text, flush=True)


def _port(name: str, otherwise: str) -> int:
    given = os.environ.get(name, otherwise)
    if not (given.isdecimal() and 1 <= int(given) <= _HIGHEST_PORT):
        raise ValueError(f"{name}={given} is not a port; it can be 1 to {_HIGHEST_PORT}.")
    return int(given)


def _ports() -> tuple[int, int]:
    ports = _port("PORT", "8000"), _port("SMTP_PORT", "8025")
    if ports[0] == ports[1]:
        raise ValueError(f"PORT and SMTP_PORT are both {ports[0]}; each needs its own.")
    return ports


def _publish_on_time(every: float, stop: threading.Event) -> None:
    """Run the schedule. A failed run is told and tried again at the next stroke, as on AWS."""
    while not stop.wait(every):
        try:
            done = wiring.publish_now()
        except Exception as error:  # noqa: BLE001 - the clock must go on
            _say(f"publishing failed ({type(error).__name__}); it is tried again in {every:g} s")
        else:
            if done.wrote:
                _say(f"published: {len(done.weeks)} weeks counted, {done.wrote} files written")


def _set_up(school: School, *, with_sample: bool) -> None:
    now = datetime.now(UTC)
    today = now.astimezone(school.zone).date()
    version, _ = configure_school(wiring.table(), sample.around(school, today) if with_sample else school)
    _say(f"   {school.name}: version {version} of its school file")
    if with_sample:
        with tqdm(total=len(sample.sample_rows()), desc="   sample wins", unit="win", file=sys.stdout) as bar:
            for done in sample.fill(wiring.desk()):
                bar.update(done)


def _say_where(school: School, url: str, smtp_port: int) -> None:
    for link in school.links[:1]:
        _say(f"   form       {url}/s/{link.code}")
    _say(f"   dashboard  {url}/dashboard/")
    _say(f"   phone      {url}/local/phone")
    _say(f"   mail       to {wiring.settings().mail_address} by SMTP at 127.0.0.1:{smtp_port}")
    _say(f"   outbox     {url}/local/outbox")
    _say(f"   leaders    {url}/sign-in/{_whom(school)}")
    _say(f"   API        {url}/api/openapi.json\n")


def _whom(school: School) -> str:
    """Name an address that may sign in; the link is in the outbox."""
    return f" as {school.leaders[0].email}; the outbox has the mail" if school.leaders else ""


def _stop_on_signals(stop: threading.Event) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())


def run(ports: tuple[int, int], engine: str, school: School, every: float, *, with_sample: bool) -> None:
    """Start everything, say where it is, and go on until told to stop."""
    stop, (port, smtp_port) = threading.Event(), ports
    logger.setLevel(os.environ.get("POWERTOOLS_LOG_LEVEL", "WARNING"))
    for one in ports:
        try:
            socket.create_server(("127.0.0.1", one)).close()
        except OSError:  # told now, not after all the work
            raise Missing(f"Port {one} is in use; try PORT={one + 100} SMTP_PORT={one + 101} make run") from None
    url = f"http://127.0.0.1:{port}"
    _say(f"1/4 Starting the engine ({engine})")
    with running_engine(engine, url, school.school) as running:
        wiring.forget()
        _say("2/4 Setting up the school")
        _set_up(school, with_sample=with_sample)
        _say("3/4 Publishing (the first drawing takes a second or two)")
        copy_static_files(wiring.site())
        done = wiring.publish_now()
        _say(f"   {len(done.weeks)} weeks counted, {done.wrote} files written")
        trial = Trial(url, running.outputs["TextTopicArn"], smtp_port)
        with (
            serving(wiring.settings().site_bucket, port, trial.answer),
            taking_mail(wiring.settings().inbox_bucket, smtp_port),
            queues_served(running.outputs),
        ):
            remember(running)
            _say("4/4 Ready. Stop with Ctrl-C.\n")
            _say_where(school, url, smtp_port)
            _stop_on_signals(stop)
            clock = threading.Thread(target=_publish_on_time, args=(every, stop))
            clock.start()
            stop.wait()
            _say("\nStopping…")
            forget_running()
            clock.join()


def main() -> int:
    """Read the settings and run; what is missing or wrong is said plainly."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    engine = os.environ.get("ENGINE", "moto")
    if engine not in _ENGINES:
        _say(f"ENGINE={engine} is unknown; it can be {' or '.join(_ENGINES)}.")
        return 2
    try:
        ports = _ports()
        every = float(os.environ.get("PUBLISH_EVERY", "10"))
        school = load_school(Path(os.environ.get("SCHOOL", SAMPLE)))
        with_sample = os.environ.get("SAMPLE", "yes") != "no" and "SCHOOL" not in os.environ
        run(ports, engine, school, every, with_sample=with_sample)
    except ValueError as error:
        _say(f"{error}" if "PORT" in str(error) else "PUBLISH_EVERY must be a number of seconds.")
        return 2
    except KeyboardInterrupt:
        _say("\nStopped before everything was ready.")
        return 130
    except (Missing, SchoolFileProblems) as problem:
        _say(str(problem))
        return 1
    except OSError as error:
        _say(f"A port can't be used ({error.strerror}); try PORT=8001 SMTP_PORT=8026 make run")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
