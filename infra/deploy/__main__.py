"""A school in one command: `python -m infra.deploy plan|apply|status|remove --school FILE`, or `all FOLDER`.

plan    what would change, what it costs a month, what is missing; changes nothing
apply   bring the school about, or up to date; broken off anywhere, run it again
status  how the school is
remove  write all wins to a file, then remove everything but what is kept
all     apply (or plan, or status) for every school file of a folder

Exit code: 0 all is well, 1 something failed or is not well, 2 nothing was done.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from chalicelib.domain.errors import Problem, WriteConflict
from chalicelib.domain.school_file import SchoolFileProblems
from chalicelib.domain.words import say
from infra.deploy import many, plan, remove, status, steps
from infra.deploy.failures import FAILED, NOTHING_DONE, AwsErrors, CannotDeploy, sentence_of
from infra.deploy.parameters import Job
from infra.deploy.place import find_place
from infra.deploy.progress import Progress
from infra.deploy.releases import Packaged
from infra.deploy.settings import read_deployment
from infra.template import ACCOUNT, account_parameters


def _pack(progress: Progress) -> Packaged:
    from infra.package import NotPackaged, build

    try:
        package: Packaged = build(progress.say)
    except NotPackaged as problem:
        raise CannotDeploy(f"The package can't be built: {problem}", NOTHING_DONE) from None
    progress.say(f"{package.functions.name}, {package.charts.name}")
    return package


SOURCES = steps.Sources(ACCOUNT, account_parameters, _pack)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.deploy", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_subparsers(dest="what", required=True)
    one = argparse.ArgumentParser(add_help=False)
    one.add_argument("--school", type=Path, required=True, metavar="FILE", help="the school file, with `deploy:`")
    asked = argparse.ArgumentParser(add_help=False)
    asked.add_argument("--yes", action="store_true", help="do not ask whether this is the right account")
    release = argparse.ArgumentParser(add_help=False)
    release.add_argument("--package", default="", metavar="RELEASE", help="an earlier release, by its id in `status`")
    applied = argparse.ArgumentParser(add_help=False)
    limit = "most requests of one address in five minutes, for all schools of the account (AWS WAF); 0 for no limit"
    release.add_argument("--rate-limit", type=int, metavar="N", help=limit)
    told = "who publishes at once: the school's own function, this machine, or nobody until the clock strikes"
    applied.add_argument("--publish", choices=["function", "here", "later"], default="function", help=told)
    applied.add_argument("--replace-school-file", action="store_true", help="the file on disk wins over the school's")
    what.add_parser("plan", parents=[one, asked, release], help="say what would change")
    what.add_parser("apply", parents=[one, asked, release, applied], help="bring it about")
    shown = what.add_parser("status", parents=[one, asked], help="say how it is")
    shown.add_argument("--url", default="", help="ask for the pages there")
    removed = what.add_parser("remove", parents=[one, asked], help="remove it")
    removed.add_argument("--export", type=Path, required=True, metavar="FILE", help="write all wins there first")
    removed.add_argument("--keep", action="append", default=[], choices=remove.KEEP, help="what is not removed")
    removed.add_argument("--give-up-failed", action="store_true", help="even if messages failed and wait")
    removed.add_argument("--yes-remove", default="", metavar="ID", help="the school's id, instead of typing it")
    every = what.add_parser("all", parents=[asked, release, applied], help="do it for every school of a folder")
    every.add_argument("folder", type=Path)
    every.add_argument("--do", choices=["apply", "plan", "status"], default="apply", help="what; usually apply")
    every.add_argument("--at-once", type=int, default=many.AT_ONCE, metavar="N", help="how many schools at once")
    return parser


def _job(options: argparse.Namespace) -> Job:
    """Read the file and look where it goes; nothing is done before that."""
    try:
        school, deployment = read_deployment(options.school)
    except SchoolFileProblems as problems:
        lines = "".join(f"\n  {line}" for line in problems.lines)
        raise CannotDeploy(f"{options.school} has to be mended first:{lines}", NOTHING_DONE) from None
    place = find_place(deployment)
    print(f"{school.name} ({school.school}): {place}", flush=True)
    return Job(options.school, school, deployment, place)


def _ask(question: str, wanted: str) -> None:
    """Go on only if somebody types what is wanted.

    Raises:
        CannotDeploy: otherwise.
    """
    if not sys.stdin.isatty():
        raise CannotDeploy(f"{question}: nobody is here to be asked. Nothing was done.", NOTHING_DONE)
    if input(f"{question} ").strip() != wanted:
        raise CannotDeploy("Nothing was done.", NOTHING_DONE)


def _plan(options: argparse.Namespace, sources: steps.Sources) -> int:
    job, progress = _job(options), Progress(plan.STEPS)
    return 0 if plan.plan(job, sources, steps.Choices(options.package, options.rate_limit), progress) else FAILED


def _apply(options: argparse.Namespace, sources: steps.Sources) -> int:
    job, progress = _job(options), Progress(steps.STEPS)
    if not options.yes:
        _ask("Apply it there? Type yes (or start with --yes):", "yes")
    choices = steps.Choices(options.package, options.rate_limit, options.publish, options.replace_school_file)
    stack = steps.apply(job, sources, choices, progress)
    print("Done." if progress.changes else "Nothing changed: all is as it should be.")
    url = stack.parameters.get("PublicUrl") or stack.outputs.get("Url", "")
    links = [link.code for link in job.school.links[:1]]
    for what, address in (
        *(("form", f"/s/{code}") for code in links),
        ("dashboard", "/dashboard/"),
        ("leaders", "/sign-in/"),
    ):
        print(f"    {what:<10} {url}{address}")
    for sentence in progress.unfinished:
        print(f"Still to do: {sentence}")
    return FAILED if progress.unfinished else 0


def _status(options: argparse.Namespace, _: steps.Sources) -> int:
    found = status.facts(_job(options), options.url)
    print("\n".join(status.in_lines(found)))
    return FAILED if any(fact.well is False for fact in found) else 0


def _remove(options: argparse.Namespace, _: steps.Sources) -> int:
    job = _job(options)
    if "table" not in options.keep:
        print(f"The export holds wins alone. To keep {remove.NOT_EXPORTED},")
        print("stop here and take all first: python -m infra.handover take", flush=True)
    if options.yes_remove != job.id:
        _ask(f"Everything of {job.school.name} will be removed. Type {job.id} (or --yes-remove):", job.id)
    remove.remove(job, remove.Removal(options.export, options.keep, options.give_up_failed), Progress(remove.STEPS))
    return 0


def _all(options: argparse.Namespace, _: steps.Sources) -> int:
    folder = many.read_folder(options.folder)
    print("\n".join(folder.in_words()), flush=True)
    if options.do == "apply" and not options.yes:
        _ask("Apply all of them there? Type yes (or start with --yes):", "yes")
    command = [options.do]
    if options.do != "status" and options.package:
        command += ["--package", options.package]
    if options.do != "status" and options.rate_limit is not None:
        command += ["--rate-limit", str(options.rate_limit)]
    if options.do == "apply":
        command += ["--publish", options.publish] + ["--replace-school-file"] * options.replace_school_file
    failed = folder.failed | many.run_all(folder.jobs, command, options.at_once)
    print("\n".join(many.as_table(failed)) if failed else f"All {len(folder.jobs)} are done.")
    print(f"All they said is in {many.LOGS}.")
    return FAILED if failed else 0


_COMMANDS: dict[str, Callable[[argparse.Namespace, steps.Sources], int]] = {
    "plan": _plan,
    "apply": _apply,
    "status": _status,
    "remove": _remove,
    "all": _all,
}


def main(arguments: Sequence[str] | None = None, sources: steps.Sources = SOURCES) -> int:
    """Do what is asked; what goes wrong is one sentence and an exit code."""
    options = _options().parse_args(arguments)
    try:
        return _COMMANDS[options.what](options, sources)
    except CannotDeploy as problem:
        print(problem, file=sys.stderr)
        return problem.code
    except (*AwsErrors, OSError) as error:
        print(f"{sentence_of(error)} What was done stays done: run it again to go on.", file=sys.stderr)
    except Problem as problem:
        print(say("en", f"problem.{problem.code}", n=len(problem.fields)), file=sys.stderr)
    except WriteConflict:
        print(say("en", "problem.busy"), file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped. What was done stays done: run it again to go on.", file=sys.stderr)
        return 130
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
