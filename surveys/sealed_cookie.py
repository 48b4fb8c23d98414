"""The session: one cookie, sealed so that whoever holds the device can neither read nor alter it.

Nothing of it is in the database. AES-GCM-SIV (RFC 8452) tolerates a repeated nonce, so several
web servers may share the key. The time inside only ends idle sessions; it is never stored.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SessionInterface, SessionMixin

from surveys.tablets.watch import PUT_AWAY

_CONTEXT = b"heard session/1"
_NONCE_BYTES = 12
IDLE_SECONDS = 45 * 60
IDLE_SECONDS_TABLET = 15 * 60
LONGEST_SECONDS = 4 * 60 * 60
LONGEST_SECONDS_STAFF = 8 * 60 * 60


class SealedCookie(SessionInterface):
    """Flask's session in a sealed, host-only, HttpOnly, SameSite=Strict cookie."""

    def __init__(self, key: bytes, now: Callable[[], datetime], *, https: bool) -> None:
        self._cipher = AESGCMSIV(key)
        self._now = now
        self._https = https
        self.cookie_name = "__Host-heard" if https else "heard"

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """The session in the cookie, or an empty one when there is none, or it has ended."""
        content = self._open(request.cookies.get(self.cookie_name, ""))
        return SecureCookieSession(content if content and not self._ended(content) else None)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie anew, or take it away when the session is empty.

        Never on a response that others may be given from a cache.
        """
        if response.cache_control.public or request.endpoint == "static":
            return
        if not session:
            if session.modified:
                self._take_away(response)
            return
        if not (session.accessed or session.modified):
            return
        now = int(self._now().timestamp())
        session["began"] = session.get("began", now)
        session["seen_at"] = now
        self._hand_out(response, self._seal(dict(session)))
        response.vary.add("Cookie")

    def _hand_out(self, response: Response, sealed: str) -> None:
        response.set_cookie(
            self.cookie_name,
            sealed,
            path="/",
            secure=self._https,
            httponly=True,
            samesite="Strict",
        )

    def _take_away(self, response: Response) -> None:
        response.delete_cookie(
            self.cookie_name, path="/", secure=self._https, httponly=True, samesite="Strict"
        )

    def _seal(self, content: dict[str, object]) -> str:
        nonce = os.urandom(_NONCE_BYTES)
        data = json.dumps(content, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(
            nonce + self._cipher.encrypt(nonce, data, _CONTEXT)
        ).decode()

    def _open(self, cookie: str) -> dict[str, Any] | None:
        try:
            data = base64.urlsafe_b64decode(cookie)
            plain = self._cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], _CONTEXT)
            return json.loads(plain)
        except (ValueError, InvalidTag):
            return None

    def _ended(self, content: dict[str, Any]) -> bool:
        now = self._now().timestamp()
        staff = "staff" in content or PUT_AWAY in content
        longest = LONGEST_SECONDS_STAFF if staff else LONGEST_SECONDS
        idle = IDLE_SECONDS_TABLET if content.get("tablet") else IDLE_SECONDS
        return now - content["seen_at"] > idle or now - content["began"] > longest
