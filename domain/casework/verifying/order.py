"""The order of the log, and its commands: asked of the database, for it has all of them at hand."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import dict_row
from pydantic_core import from_json

from domain.casework.verifying.findings import LogFinding, Names
from domain.values import words
from domain.values.places import someone

_MOST: Final = 200
_POSITION_TWICE: Final = "SELECT position FROM events GROUP BY position HAVING count(*) > 1 ORDER BY position"
_OUT_OF_ORDER: Final = """
SELECT stream, version, position, stored_at FROM (
    SELECT stream, version, position, stored_at,
           lag(position) OVER (PARTITION BY stream ORDER BY version) AS before FROM events) e
WHERE before >= position AND position <= %(last)s ORDER BY position
"""
_DOCTORS_ORDER: Final = """
SELECT DISTINCT ON (doctor) doctor, doctor_version, expected, position, before, stored_at FROM (
    SELECT doctor, doctor_version, position, stored_at,
           row_number() OVER of_doctor AS expected, lag(position) OVER of_doctor AS before
    FROM events WHERE doctor IS NOT NULL WINDOW of_doctor AS (PARTITION BY doctor ORDER BY doctor_version)) e
WHERE (doctor_version IS DISTINCT FROM expected OR before >= position) AND position <= %(last)s
ORDER BY doctor, doctor_version
"""
_WITHOUT_COMMAND: Final = """
SELECT e.stream, e.version, e.position, e.stored_at FROM events e LEFT JOIN commands c ON c.id = e.command_id
WHERE e.position <= %(last)s
AND (c.id IS NULL OR c.first_position IS NULL OR e.position NOT BETWEEN c.first_position AND c.last_position)
ORDER BY e.position
"""
_COMMANDS: Final = """
SELECT c.id, c.actor, c.stored_at, c.first_position, c.last_position FROM commands c
LEFT JOIN events f ON f.position = c.first_position AND f.command_id = c.id
LEFT JOIN events l ON l.position = c.last_position AND l.command_id = c.id
WHERE c.first_position IS NOT NULL
AND (f.position IS NULL OR l.position IS NULL OR c.stored_at IS DISTINCT FROM f.stored_at
     OR (f.source <> 'import' AND f.recorded_by <> c.actor))
ORDER BY c.first_position
"""
_RESULTS: Final = """
SELECT c.result, c.stored_at, c.first_position, e.topic, e.version, e.payload,
       (SELECT array_agg(a.topic ORDER BY a.position) FROM events a
        WHERE a.command_id = c.id AND a.stream = e.stream) AS topics,
       CASE WHEN e.source = 'import' THEN (SELECT count(*) FROM events a WHERE a.command_id = c.id) END AS imported
FROM commands c JOIN LATERAL (
    SELECT * FROM events e WHERE e.command_id = c.id ORDER BY e.topic LIKE 'claim.%%' DESC, e.position DESC LIMIT 1
) e ON true
WHERE c.last_position <= %(last)s ORDER BY c.first_position
"""
_SEQUENCE: Final = "SELECT last_value, is_called FROM {sequence}"


def order_findings(connection: Connection[Any], names: Names, last: int) -> Iterator[LogFinding]:
    """Positions and versions that do not follow each other."""
    for row in _asked(connection, _POSITION_TWICE):
        yield LogFinding("position-twice", f"Posisjon {row['position']} i loggen er brukt to ganger.", row["position"])
    for row in _asked(connection, _OUT_OF_ORDER, last):
        event = names.event(row["stream"], row["version"], row["stored_at"])
        yield LogFinding("event-moved", f"{event} står ikke etter den før i loggen.", row["position"])
    for row in _asked(connection, _DOCTORS_ORDER, last):
        doctor, at = names.doctor(row["doctor"]), words.moment(row["stored_at"])
        if row["doctor_version"] != row["expected"]:
            sentence = f"Opplysning {row['expected']} om {doctor} mangler; den neste er lagret {at}."
            yield LogFinding("doctors-event-missing", sentence, row["position"])
        else:
            sentence = f"Opplysning {row['expected']} om {doctor}, lagret {at}, står ikke etter den før i loggen."
            yield LogFinding("event-moved", sentence, row["position"])


def command_findings(connection: Connection[Any], names: Names, last: int) -> Iterator[LogFinding]:
    """Commands without their events, events without their command, and answers that say something else."""
    for row in _asked(connection, _WITHOUT_COMMAND, last):
        event = names.event(row["stream"], row["version"], row["stored_at"])
        yield LogFinding("event-without-command", f"{event} hører ikke til noen lagret forespørsel.", row["position"])
    for row in _asked(connection, _COMMANDS):
        who, at = someone(row["actor"]), words.moment(row["stored_at"])
        sentence = f"Forespørselen fra {who}, lagret {at}, mangler hendelser eller er endret."
        yield LogFinding("command-differs", sentence, row["first_position"])
    for row in connection.cursor(row_factory=dict_row).execute(_RESULTS, {"last": last}):
        if not _says_the_same(row):
            sentence = f"Svaret på forespørselen som ble lagret {words.moment(row['stored_at'])}, er endret."
            yield LogFinding("command-changed", sentence, row["first_position"])


def sequence_findings(connection: Connection[Any], last: int) -> Iterator[LogFinding]:
    """That the next event gets a position after the last one."""
    [sequence] = _asked(connection, "SELECT pg_get_serial_sequence('events', 'position') AS name")
    if sequence["name"] is None:
        yield LogFinding("sequence-missing", "Telleren for posisjoner i loggen er borte.")
        return
    [found] = _asked(connection, _SEQUENCE.format(sequence=sequence["name"]))
    if found["last_value"] < last or (found["last_value"] == last and last and not found["is_called"]):
        yield LogFinding(
            "sequence-behind", f"Telleren for posisjoner i loggen står på {found['last_value']}, bak den siste."
        )
    if found["is_called"] and not last:
        sentence = f"Loggen er tom, men telleren viser at den har hatt {found['last_value']} hendelser."
        yield LogFinding("log-emptied", sentence)


def _says_the_same(row: Mapping[str, Any]) -> bool:
    """The answer that was kept with a command, against what the command stored."""
    try:
        said, event = json.loads(row["result"]), from_json(bytes(row["payload"]))
        if row["imported"] is not None:
            return bool(said["stored"] == row["imported"] and said["facts"] == said["stored"] + said["already_stored"])
        if "events" in said:
            return bool(said["version"] == row["version"] and said["events"] == row["topics"])
        if "rule_set" in said:
            return bool(said["version"] == row["version"])
        if "fact" in said:
            return bool(said["hpr"] == event["hpr"] and said["fact"] == event["id"] and said["stored"])
        return bool(said["hpr"] == event["hpr"] and said["key"] == event["key"]) if "key" in said else True
    except (ValueError, KeyError, TypeError):
        return False


def _asked(connection: Connection[Any], query: str, last: int | None = None) -> list[dict[str, Any]]:
    asked = None if last is None else {"last": last}
    return connection.cursor(row_factory=dict_row).execute(query.encode(), asked).fetchmany(_MOST)
