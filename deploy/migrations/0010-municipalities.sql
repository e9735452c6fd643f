-- What municipalities say of themselves, and ties that disqualify, are asked for at every sign-in and every step of a
-- claim: only what came since the last time is read.

CREATE INDEX events_of_municipalities ON events (position) WHERE topic LIKE 'municipality.%';
CREATE INDEX events_of_ties ON events (position) WHERE topic LIKE 'tie.%';
