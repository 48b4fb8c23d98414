#!/bin/sh
# The browser journeys need Chromium. Installs it where this user may, else says what to do.
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the browser journeys ..."
    apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -q chromium >/dev/null
else
    echo "The browser journeys need Chromium: sudo apt-get install chromium" >&2
    exit 1
fi
