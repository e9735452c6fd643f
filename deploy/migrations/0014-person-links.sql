-- Who is one person with whom is asked at every sign-in: only what came since the last time is read.

CREATE INDEX events_of_person_links ON events (position) WHERE topic LIKE 'person-link.%';
