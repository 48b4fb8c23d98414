#!/bin/sh
# The browser journeys need Chromium, and the tests of sound need espeak-ng. Installs what is
# missing where this user may, else says what to do.
missing=""
found=""
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then found="$name"; fi
done
if [ -z "$found" ]; then missing="chromium"; fi
if ! command -v espeak-ng >/dev/null 2>&1; then missing="$missing espeak-ng"; fi
if [ -z "$missing" ]; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing what the browser journeys need: $missing ..."
    # shellcheck disable=SC2086 - one word for each package
    apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -q $missing >/dev/null
else
    echo "The browser journeys need: sudo apt-get install $missing" >&2
    exit 1
fi
