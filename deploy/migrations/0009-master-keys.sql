-- The master keys that have sealed here, by name; one of them seals now. What a name stands for is nowhere in here.

CREATE TABLE master_keys (
    name  text PRIMARY KEY,
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    seals boolean NOT NULL
);
CREATE UNIQUE INDEX one_master_key_seals ON master_keys (seals) WHERE seals;

-- The name stands first in what is sealed; what was sealed before master keys had names has none.
CREATE FUNCTION sealed_under(sealed_key bytea) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN octet_length(sealed_key) = 68 THEN encode(substr(sealed_key, 1, 8), 'hex') END;
