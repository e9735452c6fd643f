-- Keys of the service itself, each for one purpose, sealed under the master key as the doctors' keys are.
-- Without a sealed key: the one that followed from the master key until this step, so that what was made with it holds.

CREATE TABLE service_keys (
    name       text PRIMARY KEY,
    sealed_key bytea,
    made_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO service_keys (name)
SELECT unnest('{requests,search}'::text[])
WHERE EXISTS (SELECT FROM commands) OR EXISTS (SELECT FROM doctor_keys);
