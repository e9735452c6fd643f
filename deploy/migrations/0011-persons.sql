-- Who has signed in. A person is a random id, found by a keyed digest of the national identity number, or of issuer and
-- subject; several digests can be of one person. The name is the one that the issuer gave last, sealed.

CREATE TABLE persons (
    person text PRIMARY KEY,
    name bytea NOT NULL,
    first_seen timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- A backup is read back table by table, in the order of their names, so no table refers to another.
CREATE TABLE person_identities (
    identity bytea PRIMARY KEY,
    person text NOT NULL
);

-- Keys of issuers that nothing is believed of any more, whatever the issuer still says.

CREATE TABLE withdrawn_keys (
    issuer text NOT NULL,
    kid text NOT NULL,
    withdrawn_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    withdrawn_by text NOT NULL,
    PRIMARY KEY (issuer, kid)
);
