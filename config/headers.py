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
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}

_OFFLINE_PAGES = "/kiosk/"
_ALSO_OFFLINE = "worker-src 'self'; manifest-src 'self'"
_HSTS = "max-age=63072000; includeSubDomains"


def headers_for(path: str) -> dict[str, str]:
    """The headers of a page; those that work offline may have a worker and a manifest as well."""
    if not path.startswith(_OFFLINE_PAGES):
        return HEADERS
    policy = f"{CONTENT_SECURITY_POLICY}; {_ALSO_OFFLINE}"
    return {**HEADERS, "Content-Security-Policy": policy}


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
