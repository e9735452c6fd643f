"""The `alis` command: results to standard output, messages to standard error."""

import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from deploy.clock import now as clock
from deploy.database import database
from deploy.logs import configure
from deploy.migrate import migrate
from deploy.problems import PORT_IN_USE, DatabaseProblem, SettingsProblem
from deploy.settings import read_settings
from domain.casework.replaying import Replay
from domain.rulebook.release import choose_rule_set
from domain.rules.result import Result, check_round
from domain.store import LoggedFact
from domain.store.sealed.sealing import WrongMasterKey
from domain.values.refusals.refusal import Refused, Rejected, refused
from domain.values.words import counted
from workers.arguments import parser
from workers.calculating.calculations import calculate_file, read_file
from workers.calculating.explaining import explain, read_supposed
from workers.calculating.explanation_table import explanation_table
from workers.calculating.preview_table import preview_table
from workers.calculating.repeating import repeated_table
from workers.calculating.trace_table import trace_table
from workers.claims.claims import on_claims
from workers.keeping.backups import backup
from workers.keeping.erasing import erase, next_step
from workers.keeping.restoring import restore
from workers.keeping.verifying import verified
from workers.running.demonstration import demonstrate
from workers.running.run_projections import rebuild_some, tell_status, work
from workers.shell.collecting import gc_paused
from workers.shell.exits import DONE, FAILED, exit_code
from workers.shell.output import as_table, end_messages, end_unwritten, json_text, prepare_streams, print_json, say
from workers.shell.session import OPERATOR, Session, command, session
from workers.shell.table import table

_QUIET_SECONDS: Final = 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    try:
        prepare_streams()
        try:
            return _run(arguments)
        finally:
            end_messages()
            sys.stdout.flush()
    except OSError as error:
        end_unwritten(error)
        return FAILED


def _run(arguments: Sequence[str] | None) -> int:
    asked = parser(
        {
            "calculate": _calculate,
            "import": _import,
            "preview": _preview,
            "replay": _replay,
            "explain": _explain,
            "backup": _backup,
            "restore": _restore,
            "erase": _erase,
            "verify": _verify,
            "migrate": _migrate,
            "worker": _worker,
            "projections": _projections,
            "serve": _serve,
            "demo": _demo,
            "rules": _rules,
            "claim": _claim,
        }
    ).parse_args(arguments)
    try:
        asked.run(asked)
    except Rejected as rejected:
        _say_rejected(getattr(asked, "file", None), rejected)
        return exit_code(rejected)
    except (Refused, SettingsProblem, DatabaseProblem, WrongMasterKey, KeyboardInterrupt) as hindrance:
        _say(str(hindrance) or "Avbrutt; ingenting er halvt gjort.")
        return exit_code(hindrance)
    return DONE


def _calculate(asked: Namespace) -> None:
    rules = choose_rule_set(asked.rules, asked.round)
    check_round(rules, asked.round)
    result = calculate_file(asked.file, asked.municipality, rules, asked.known_at, traced=asked.trace)
    _show(result, result.as_json, asked)


@gc_paused()
def _import(asked: Namespace) -> None:
    read = read_file(asked.file)
    settings = read_settings()
    configure(settings.log_format)
    with session(settings) as now:
        done = now.casework.importing.import_facts(read, command(OPERATOR, "import"), clock(), _Progress())
    print_json(done.as_json())
    if done.erased_doctors:
        _say(
            "Noe i filen gjelder personopplysninger som er slettet. De er fortsatt slettet; resten er lest inn. "
            f"Leger: {', '.join(done.erased_doctors)}."
        )


def _preview(asked: Namespace) -> None:
    read = read_file(asked.file)
    settings = read_settings()
    configure(settings.log_format)
    with session(settings) as now:
        found = now.casework.preview.of_file(read, clock())
    if as_table(asked.format):
        sys.stdout.write(preview_table(found))
    else:
        print_json(found.as_json())


def _replay(asked: Namespace) -> None:
    if asked.claim is not None:
        _repeat(asked)
        return
    if asked.round is None:
        raise refused("round-missing")
    settings = read_settings()
    configure(settings.log_format)
    with session(settings) as now:
        rules = now.casework.book.rule_set_or_file(asked.rules, asked.round)
        if asked.all:
            with gc_paused():
                _show_all(now.casework.replay_round(rules, asked.known_at, traced=asked.trace), asked)
            return
        replay = now.casework.replay(asked.municipality, rules, asked.known_at, traced=asked.trace)
    _show(replay.result, replay.as_json, asked, replay.stored_later)


def _repeat(asked: Namespace) -> None:
    if asked.round or asked.rules or asked.known_at or asked.trace:
        raise refused("repeated-as-made")
    settings = read_settings()
    configure(settings.log_format)
    with session(settings) as now:
        found = now.casework.claims.repeat(asked.claim)
    if as_table(asked.format):
        sys.stdout.write(repeated_table(found))
    else:
        print_json(found.as_json())
    if found.gap:
        raise refused("claim-gap", claim=found.claim, before=found.gap.before, missing=found.gap.missing)
    if not found.identical:
        raise refused("repeat-differs", claim=found.claim)


def _explain(asked: Namespace) -> None:
    settings = read_settings()
    configure(settings.log_format)
    supposed = read_supposed(asked)
    with session(settings) as now:
        found = explain(now.casework, asked, supposed)
    if as_table(asked.format):
        sys.stdout.write(explanation_table(found))
    else:
        print_json(found.as_json(whole=True))


def _backup(asked: Namespace) -> None:
    settings = read_settings()
    configure(settings.log_format)
    print_json(backup(settings, asked.file))
    _say("Hovednøkkelen er ikke med i kopien; ta vare på den et annet sted, ellers kan ingen lese navnene igjen.")


def _restore(asked: Namespace) -> None:
    settings = read_settings()
    configure(settings.log_format)
    restored = restore(settings, asked.file, unproven=asked.unproven)
    print_json(restored)
    if not restored["proven"]:
        _say("Ingen vet hvem som laget denne kopien, eller om beløp, kontoer og vedtak er endret i den etterpå.")
    _say("Lesemodellene er ikke med i en kopi; alis worker bygger dem på nytt.")


def _rules(asked: Namespace) -> None:
    from workers.rules.rules import in_the_book, write_pages  # noqa: PLC0415 - nobody else needs pages and drawings

    if asked.step == "book":
        print_json(write_pages(Path(asked.folder)))
        return
    settings = read_settings()
    configure(settings.log_format)
    in_the_book(settings, asked)


def _erase(asked: Namespace) -> None:
    settings = read_settings()
    configure(settings.log_format)
    done = erase(settings, asked)
    print_json(done)
    if sentence := next_step(done):
        _say(sentence)


def _verify(_: Namespace) -> None:
    settings = read_settings()
    configure(settings.log_format)
    told = verified(settings)
    print_json(told)
    if not told["intact"]:
        first, more = told["findings"][0]["sentence"], told["found"] - 1
        raise refused("not-intact", detail=f"{first} ({more} til.)" if more else first)


def _migrate(_: Namespace) -> None:
    settings = read_settings()
    with database(settings) as url:
        print_json({"applied": migrate(url)})


def _worker(asked: Namespace) -> None:
    settings = read_settings()
    configure(settings.log_format)
    work(settings, asked.names)


def _projections(asked: Namespace) -> None:
    settings = read_settings()
    configure(settings.log_format)
    if asked.what == "status":
        found, troubles = tell_status(settings)
        print_json(found)
        for trouble in troubles:
            _say(trouble)
        return
    told = _Progress()
    accept = asked.accept_differences
    print_json(rebuild_some(settings, asked.names, partial(told, "bygd til posisjon"), accept_differences=accept))


def _serve(_: Namespace) -> None:
    from workers.running.serving import serve  # noqa: PLC0415 - takes longer to load than all else together

    settings = read_settings()
    configure(settings.log_format)
    serve(settings)


def _claim(asked: Namespace) -> None:
    settings = read_settings()
    configure(settings.log_format)
    on_claims(settings, asked)


def _demo(_: Namespace) -> None:
    from workers.running.serving import already, serve, serves_already  # noqa: PLC0415 - as above

    settings = read_settings()
    configure(settings.log_format)
    try:
        serve(settings, before=_tell_what_there_is, with_worker=True)
    except DatabaseProblem as problem:
        if problem.code != PORT_IN_USE or not serves_already(settings):
            raise
        with session(settings) as now:
            _tell_what_there_is(now)
        say(already(settings))


def _tell_what_there_is(now: Session) -> None:
    sys.stdout.write(demonstrate(now))
    sys.stdout.flush()


def _show_all(replays: Iterable[Replay], asked: Namespace) -> None:
    """Table after table, or one JSON object a line."""
    for number, each in enumerate(replays):
        if as_table(asked.format):
            whole = table(each.result, each.stored_later, assumptions=asked.assumptions, decision=each.decision)
            sys.stdout.write("\n" * bool(number) + whole + trace_table(each.result))
        else:
            sys.stdout.write(json_text(each.as_json(assumptions=asked.assumptions)) + "\n")


def _show(result: Result, as_json: Callable[..., Any], asked: Namespace, later: Sequence[LoggedFact] = ()) -> None:
    if as_table(asked.format):
        sys.stdout.write(table(result, later, assumptions=asked.assumptions) + trace_table(result))
    else:
        print_json(as_json(assumptions=asked.assumptions))


def _say(sentence: str) -> None:
    say(f"alis: {sentence}\n")


def _say_rejected(file: str | None, rejected: Rejected) -> None:
    """Every problem on a line of its own: file, line or element, fact, sentence and code.

    A rule set of the release that cannot be used says itself which file it stands in.
    """
    for problem in rejected.problems:
        asked = None if problem.refusal.code == "bad-rule-set" else file
        where = (asked or "alis") if problem.place is None else f"{asked}:{problem.place}"
        fact = f" {problem.fact}:" if problem.fact else ""
        say(f"{where}:{fact} {problem.refusal} [{problem.refusal.code}]\n")
    _say(f"{counted(rejected.count, 'én feil', 'feil').capitalize()}; ingenting er lagret.")


class _Progress:
    """Tells a person how far an import has come, when it takes more than a moment."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def __call__(self, what: str, done: int, of: int) -> None:
        """Say it at most once a second."""
        if time.monotonic() - self._told > _QUIET_SECONDS:
            self._told = time.monotonic()
            _say(f"{what} {done} av {of}")
