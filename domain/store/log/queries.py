"""What the log is asked, in SQL."""

from typing import Final

from psycopg import sql

from domain.store.log.append import STORED

_SELECT: Final = sql.SQL("SELECT position, stored_at, {stored} FROM events ").format(stored=STORED)
ALL_CHAINED: Final = (
    sql.SQL("SELECT position, stored_at, hash, {stored} FROM events WHERE position <= %s ORDER BY stream, version")
    .format(stored=STORED)
    .as_bytes()
)
_OF_STREAM: Final = _SELECT + sql.SQL("WHERE stream = %s AND version > %s AND version <= %s ")
BY_STREAM: Final = (_OF_STREAM + sql.SQL("ORDER BY version LIMIT %s")).as_bytes()
BY_STREAM_DOWN: Final = (_OF_STREAM + sql.SQL("ORDER BY version DESC LIMIT %s")).as_bytes()
BY_STREAMS: Final = (_SELECT + sql.SQL("WHERE stream = ANY(%s) ORDER BY stream, version")).as_bytes()
BY_DOCTOR: Final = (
    _SELECT + sql.SQL("WHERE doctor = ANY(%s) AND position <= %s ORDER BY doctor, doctor_version")
).as_bytes()
TOUCHED: Final = b"""
WITH page AS MATERIALIZED (
    SELECT position, doctor, doctor_version FROM events
    WHERE position > %s AND position <= %s ORDER BY position LIMIT %s)
SELECT doctor, min(doctor_version) AS first, max(doctor_version) AS last, max(position) AS position, count(*) AS events
FROM page GROUP BY doctor
"""
_FACTS: Final = sql.SQL("SELECT doctor, position, stored_at, payload, stream, version, doctor_version FROM events ")
FACTS_OF_DOCTOR: Final = (_FACTS + sql.SQL("WHERE doctor = %s ORDER BY doctor_version")).as_bytes()
FACTS_OF_DOCTORS: Final = (
    _FACTS + sql.SQL("WHERE doctor = ANY(%s) AND position <= %s ORDER BY doctor, doctor_version")
).as_bytes()
FACTS_OF_TOPICS: Final = (
    _FACTS + sql.SQL("WHERE doctor = ANY(%s) AND topic = ANY(%s) AND position <= %s ORDER BY doctor, doctor_version")
).as_bytes()
REGISTRANTS: Final = b"SELECT DISTINCT recorded_by, role FROM events WHERE doctor = ANY(%s)"
FACTS_OF_MUNICIPALITY: Final = (
    _FACTS
    + sql.SQL(
        "WHERE doctor IN (SELECT doctor FROM events WHERE municipality = ANY(%s)) ORDER BY doctor, doctor_version"
    )
).as_bytes()
FACTS_OF_THESE: Final = (
    _FACTS
    + sql.SQL(
        "WHERE doctor = ANY(%s) OR doctor IN (SELECT doctor FROM events WHERE municipality = ANY(%s))"
        " ORDER BY doctor, doctor_version"
    )
).as_bytes()
FACTS_OF_ALL: Final = (_FACTS + sql.SQL("WHERE doctor IS NOT NULL ORDER BY doctor, doctor_version")).as_bytes()
CLAIMS_BETWEEN: Final = b"""
SELECT DISTINCT stream FROM events
WHERE position > %s AND position <= %s AND doctor IS NULL AND topic LIKE 'claim.%%' ORDER BY stream
"""
OF_MUNICIPALITIES: Final = (
    _SELECT + sql.SQL("WHERE position > %s AND topic LIKE 'municipality.%%' ORDER BY position")
).as_bytes()
OF_TIES: Final = (_SELECT + sql.SQL("WHERE position > %s AND topic LIKE 'tie.%%' ORDER BY position")).as_bytes()
OF_LINKS: Final = (
    _SELECT + sql.SQL("WHERE position > %s AND topic LIKE 'person-link.%%' ORDER BY position")
).as_bytes()
STREAMS_NAMING: Final = b"""
SELECT DISTINCT stream FROM events
WHERE doctor IS NULL AND topic LIKE %s || '.%%' AND position(%s::bytea IN payload) > 0 ORDER BY stream
"""
OTHERS_NAMING: Final = (
    _FACTS + sql.SQL("WHERE doctor <> %s AND topic = ANY(%s) AND position(%s::bytea IN payload) > 0 ORDER BY position")
).as_bytes()
FIRST_PAYLOADS: Final = b"""
(SELECT payload FROM events WHERE doctor = %s ORDER BY doctor_version LIMIT 8)
UNION ALL (SELECT payload FROM events WHERE stream = %s ORDER BY version LIMIT 8)
"""
FIRST_OF_BOOK: Final = b"""
SELECT position FROM events
WHERE position > %s AND position <= %s AND topic LIKE 'rulebook.%%' ORDER BY position LIMIT 1
"""
READ_ONLY: Final = b"""
SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean OR EXISTS (
    SELECT FROM pg_db_role_setting s, pg_database d, pg_roles r, unnest(s.setconfig) setting
    WHERE d.datname = current_database() AND r.rolname = current_user
    AND s.setdatabase IN (0, d.oid) AND s.setrole IN (0, r.oid)
    AND setting ~ '^default_transaction_read_only=(on|true|1|yes)$') AS found
"""
CONCERNS: Final = b"""
SELECT EXISTS (
    SELECT FROM events, unnest(%s::bytea[]) AS word WHERE doctor = %s AND position(word IN payload) > 0) AS found
"""
HAS_LINE: Final = b"""
SELECT EXISTS (
    SELECT FROM events WHERE stream = %s AND (topic LIKE 'claim.line%%' OR topic LIKE 'claim.decision-%%')
    AND position(%s::bytea IN payload) > 0) AS found
"""
VERSIONS: Final = b"""
SELECT doctor, max(doctor_version) AS version FROM events
WHERE doctor IS NOT NULL AND position <= %(until)s
AND (%(doctors)s::uuid[] IS NULL OR doctor = ANY(%(doctors)s)) GROUP BY doctor
"""
DOCTORS_OF: Final = b"""
SELECT DISTINCT doctor FROM events WHERE municipality = ANY(%s) AND doctor IS NOT NULL AND position <= %s
"""
DESTROYED: Final = b"""
SELECT position, payload FROM events
WHERE topic = 'doctor-key.destroyed.v1' AND position > %s AND position <= %s ORDER BY position
"""
PAYLOAD_AT: Final = b"SELECT payload FROM events WHERE position = %s"
LAST: Final = b"SELECT max(position) AS position FROM events"
LAST_OF_COMMAND: Final = b"SELECT last_position AS position FROM commands WHERE id = %s"
COMMAND: Final = b"SELECT request, result FROM commands WHERE id = %s"
KEEP_COMMAND: Final = b"""
INSERT INTO commands (id, request, result, actor, stored_at) VALUES (%s, %s, %s, %s, clock_timestamp())
ON CONFLICT DO NOTHING
"""
