#!/bin/sh
# The tests of what is kept run on PostgreSQL as well as on SQLite. Installs the server where this
# user may, else says what to do. No cluster of the machine is used: each test run makes its own.
for folder in /usr/lib/postgresql/*/bin; do
    if [ -x "$folder/initdb" ]; then exit 0; fi
done
if command -v initdb >/dev/null 2>&1; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing what the tests on PostgreSQL need: postgresql ..."
    apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -q postgresql >/dev/null
else
    echo "The tests on PostgreSQL need: sudo apt-get install postgresql" >&2
    exit 1
fi
