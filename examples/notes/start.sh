#!/bin/sh
# Where the database is not there yet this ends, and is started again.
set -e
psql -qX "$DATABASE_URL" -c "create table if not exists note (id serial primary key, text varchar(200) not null)"
echo "notes starts on port ${PORT:-8080}"
exec busybox httpd -f -p "${PORT:-8080}" -h /app/www
