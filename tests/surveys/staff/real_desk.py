"""A real site's desk, not a demonstration, and somebody at it who has an app.

In: an app of desk_site. Out: a Person, who logs in step by step through the pages.
"""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

import pyotp
from desk_site import MORNING
from flask import Flask
from flask.testing import FlaskClient

from surveys.staff.accounts import account_with_id, add_account
from surveys.staff.authenticator import keep_authenticator, new_secret
from surveys.staff.recovery import replace_codes

PASSWORD = "four words of my own"
ADDRESS = "https://heard.example.gov.uk"


def make_real(app):
    """The same app, asking everybody for a second factor."""
    app.extensions["heard"] = replace(app.extensions["heard"], demo=False, address=ADDRESS)
    return app


@dataclass
class Person:
    app: Flask
    client: FlaskClient
    name: str
    roles: tuple
    secret: str = ""
    codes: tuple = ()
    password: str = PASSWORD

    def __post_init__(self):
        self.id = add_account(self.site.engine, self.name, self.password, self.roles).id

    @property
    def site(self):
        return self.app.extensions["heard"]

    @property
    def account(self):
        return account_with_id(self.site.engine, self.id)

    def have_app(self):
        """Set an app up an hour ago, past the pages."""
        self.secret, site, then = new_secret(), self.site, MORNING.timestamp() - 3600
        code = pyotp.TOTP(self.secret).at(int(then))
        keep_authenticator(
            site.engine, site.storage_key, self.id, secret=self.secret, code=code, now=then
        )
        self.codes = replace_codes(site.engine, site.pepper, self.id)
        return self

    def code(self, **later):
        return pyotp.TOTP(self.secret).at(self.site.now() + timedelta(**later))

    def post(self, url, page=None, **fields):
        token = re.search(
            r'name="csrf_token"[^>]*value="([^"]+)"', self.client.get(page or url).text
        )
        return self.client.post(url, data={"csrf_token": token[1], **fields})

    def give_password(self, password=None):
        fields = {"name": self.name, "password": password or self.password}
        return self.post("/staff/log-in", **fields)

    def log_in(self):
        self.give_password()
        return self.post("/staff/second-step", code=self.code())

    def opens(self, url):
        return self.client.get(url).status_code == 200


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))
