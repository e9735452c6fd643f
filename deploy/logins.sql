-- Who logs in beside the owner where compose.yaml runs PostgreSQL: the service and the worker, each with the password in
-- its file, and the roles that they act as; `alis migrate` gives these their rights. The image runs this for a new data
-- folder. It can be repeated by hand, for one that was made without it or with another password, while `database` runs:
--
--   podman compose -f deploy/compose.yaml exec database psql -U alis -f /docker-entrypoint-initdb.d/logins.sql
--
-- Without its file a login has no password, and PostgreSQL lets nobody in by it.
\set ON_ERROR_STOP on
\set serves `cat /run/secrets/serves_password`
\set works `cat /run/secrets/works_password`

SELECT format('CREATE ROLE %I', name)
FROM unnest('{alis_service,alis_scoped,alis_directorate,alis_worker,serves,works}'::text[]) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

GRANT alis_scoped, alis_directorate TO alis_service WITH INHERIT FALSE;
GRANT alis_service TO serves, works;
GRANT alis_worker TO works;
ALTER ROLE serves LOGIN PASSWORD :'serves';
ALTER ROLE works LOGIN PASSWORD :'works';
