-- The HPR number of somebody of whom an issuer has stated both it and the national identity number, so that they are the
-- doctor where only the latter is known. The identity is a keyed digest, as in person_identities.

CREATE TABLE hpr_numbers (
    identity bytea PRIMARY KEY,
    hpr text NOT NULL,
    stated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
