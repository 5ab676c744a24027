#!/bin/sh
echo "hello starts on port ${PORT:-8080}"
exec busybox httpd -f -vv -p "${PORT:-8080}" -h /app/www
