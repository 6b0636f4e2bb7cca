#!/bin/sh
# Makes Temporal's two databases and brings their tables to this server's version. May be run again at any time.
set -eu

export SQL_PLUGIN=postgres12
export SQL_HOST="${POSTGRES_ADDRESS%:*}"
export SQL_PORT="${POSTGRES_ADDRESS##*:}"
export SQL_USER="$POSTGRES_USER"
export SQL_PASSWORD="$POSTGRES_PASSWORD"

# set_up DATABASE KIND
set_up() {
  temporal-sql-tool --db "$1" create-database
  temporal-sql-tool --db "$1" setup-schema --version 0.0
  temporal-sql-tool --db "$1" update-schema --schema-name "postgresql/v12/$2"
}

set_up temporal temporal
set_up temporal_visibility visibility
