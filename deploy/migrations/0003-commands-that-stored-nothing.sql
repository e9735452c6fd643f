-- A command that finds done what it asks for is kept too, so that its id stands for one request; it has no positions.

ALTER TABLE commands
    ALTER COLUMN first_position DROP NOT NULL,
    ALTER COLUMN last_position DROP NOT NULL,
    ADD CHECK ((first_position IS NULL) = (last_position IS NULL));
