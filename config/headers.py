"""The response headers of every page, in one place, so that a test can demand them.

After the OWASP Secure Headers project. No inline script or
style is allowed anywhere, nothing is fetched from another host, and pages are never stored.
"""

from __future__ import annotations

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "hid",
        "idle-detection",
        "local-fonts",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "screen-wake-lock",
        "serial",
        "usb",
        "window-management",
        "xr-spatial-tracking",
    )
)

HEADERS = {
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}

# A string is never turned into markup or code: W3C Trusted Types, with no policy that could.
_NO_STRINGS_INTO_CODE = "require-trusted-types-for 'script'; trusted-types 'none'"
_OFFLINE_PAGES = "/kiosk/"  # they draw ready pages out of a pack: decision 0017
_ALSO_OFFLINE = "worker-src 'self'; manifest-src 'self'"
_HSTS = "max-age=63072000; includeSubDomains"


def headers_for(path: str) -> dict[str, str]:
    """The headers of a page; those that work offline may have a worker and a manifest as well."""
    more = _ALSO_OFFLINE if path.startswith(_OFFLINE_PAGES) else _NO_STRINGS_INTO_CODE
    return {**HEADERS, "Content-Security-Policy": f"{CONTENT_SECURITY_POLICY}; {more}"}


def add_headers(app: Flask, *, https: bool) -> None:
    """Put the headers on every response; pages are no-store, static files are not."""

    @app.after_request
    def set_headers(response: Response) -> Response:
        for name, value in headers_for(request.path).items():
            response.headers.setdefault(name, value)
        if https:
            response.headers["Strict-Transport-Security"] = _HSTS
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers.pop("Server", None)
        return response
