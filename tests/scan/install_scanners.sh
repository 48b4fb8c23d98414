#!/bin/sh
# The scanners of `make scan`: nobody here wrote them, and the site does not need them. wapiti, bandit
# and pip-audit go into an environment of their own, sqlmap comes with the system.
set -e
venv=var/scan/tools
if ! command -v sqlmap >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Installing sqlmap ..."
        apt-get update -q >/dev/null
        DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends sqlmap >/dev/null
    else
        echo "The scan needs: sudo apt-get install sqlmap" >&2
        exit 1
    fi
fi
if [ ! -x "$venv/bin/wapiti" ] || [ ! -x "$venv/bin/pip-audit" ] || [ ! -x "$venv/bin/bandit" ]; then
    echo "Installing wapiti, pip-audit and bandit into $venv ..."
    "${PYTHON:-python3}" -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check wapiti3==3.2.3 pip-audit==2.10.1 bandit==1.9.4
fi
