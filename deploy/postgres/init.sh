#!/usr/bin/env bash
# For each service one database, one role that owns it and changes its schema (billing_customer_owner), and one that the
# service runs under (billing_customer); nobody else may connect. Changes nothing the second time, except that the
# passwords become those given: BILLING_CUSTOMER_PASSWORD, BILLING_CUSTOMER_OWNER_PASSWORD and so on.
#
# Runs where libpq finds an administrator's connection (PGHOST, PGPORT, PGUSER, PGPASSWORD), or inside the official
# PostgreSQL image as /docker-entrypoint-initdb.d/billing.sh.
set -euo pipefail
export PGUSER=${PGUSER:-${POSTGRES_USER:-postgres}} PGDATABASE=postgres
# What it does is shown to nobody meanwhile: the statements have passwords in them.
export PGOPTIONS='--client-min-messages=warning -c track_activities=off'

for service in customer tariff invoicing payments collections identity; do
  password=BILLING_${service^^}_PASSWORD owner_password=BILLING_${service^^}_OWNER_PASSWORD
  echo "\\set name billing_$service"
  echo "\\set owner billing_${service}_owner"
  echo "\\set password '${!password:?is not set}'"
  echo "\\set owner_password '${!owner_password:?is not set}'"
  cat <<'SQL'
SELECT format('CREATE ROLE %I LOGIN', role) FROM unnest(ARRAY[:'name', :'owner']) AS role
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec
ALTER ROLE :"name" PASSWORD :'password';
ALTER ROLE :"owner" PASSWORD :'owner_password';
-- The owner gives the service what it makes for it, such as the schema of its drafts.
GRANT :"name" TO :"owner";
-- To see how far behind its readers are, and who holds the oldest transaction.
GRANT pg_read_all_stats TO :"name";
-- Keys are compared byte by byte, several times as fast as by the rules of a language.
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 LC_COLLATE %L', :'name', :'owner', 'C')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
-- Once, the service itself owned everything.
SELECT pg_get_userbyid(datdba) = :'name' AS owned_by_service FROM pg_database WHERE datname = :'name' \gset
\if :owned_by_service
ALTER DATABASE :"name" OWNER TO :"owner";
\connect :"name"
REASSIGN OWNED BY :"name" TO :"owner";
\connect postgres
\endif
-- Last, for a new owner inherits what the old one was granted.
GRANT CONNECT ON DATABASE :"name" TO :"name", :"owner";
SQL
done | "${BILLING_POSTGRES_BIN:+$BILLING_POSTGRES_BIN/}psql" --no-psqlrc --quiet --set=ON_ERROR_STOP=1
