#!/usr/bin/env bash
# One database and one login per service, of the same name; nobody else may connect. Changes nothing the second time,
# except that the passwords become those given: BILLING_CUSTOMER_PASSWORD and so on.
#
# Runs where libpq finds an administrator's connection (PGHOST, PGPORT, PGUSER, PGPASSWORD), or inside the official
# PostgreSQL image as /docker-entrypoint-initdb.d/billing.sh.
set -euo pipefail
export PGUSER=${PGUSER:-${POSTGRES_USER:-postgres}} PGDATABASE=postgres PGOPTIONS=--client-min-messages=warning

for service in customer tariff invoicing payments collections; do
  password=BILLING_${service^^}_PASSWORD
  echo "\\set name billing_$service"
  echo "\\set password '${!password:?is not set}'"
  cat <<'SQL'
SELECT format('CREATE ROLE %I LOGIN', :'name')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
ALTER ROLE :"name" PASSWORD :'password';
-- To see how far behind its readers are, and who holds the oldest transaction.
GRANT pg_read_all_stats TO :"name";
-- Keys are compared byte by byte, several times as fast as by the rules of a language.
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 LC_COLLATE %L', :'name', :'name', 'C')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
done | "${BILLING_POSTGRES_BIN:+$BILLING_POSTGRES_BIN/}psql" --no-psqlrc --quiet --set=ON_ERROR_STOP=1
