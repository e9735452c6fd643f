-- The municipality of the claim that a document lies with, so that a role of the database sees only its own.

ALTER TABLE documents ADD COLUMN municipality text;
UPDATE documents d SET municipality = (
    SELECT left(convert_from(e.payload, 'UTF8')::json ->> 'claim', 4) FROM events e
    WHERE e.stream = d.claim AND e.version = 1);
