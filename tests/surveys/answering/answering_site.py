"""A throw-away site with the respondents' pages alone, one open wave and as many codes as asked.

In: a folder and a survey. Out: an app like the real one around answering, and links into slots.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask, session
from flask_babel import Babel
from flask_wtf import CSRFProtect

from config.headers import add_headers
from questionnaires.model import (
    Condition,
    NonAnswer,
    Option,
    Page,
    Question,
    Questionnaire,
    QuestionType,
    Section,
    Survey,
)
from questionnaires.responses import response_from_bytes
from surveys import admission
from surveys.answering.support import load_support_lines
from surveys.database import metadata, open_engine
from surveys.errors import show_errors_kindly
from surveys.invitations.codes import access_from_secret, link_text
from surveys.keys.key_making import public_halves
from surveys.sealed_cookie import SealedCookie
from surveys.site import Site
from surveys.vault.drafts import Draft
from surveys.vault.envelope import Purpose
from surveys.vault.opening import new_private_key, open_envelope  # only tests hold private keys
from surveys.vault.public_keys import write_wave_keys
from surveys.vault.release import release_wave
from surveys.vault.slots import NewSlot, create_slots, read_draft
from surveys.vault.store import envelopes_of
from surveys.vault.waves import WaveStatus, find_wave, prepare_wave, set_status

ROOT = Path(__file__).parents[3]
TODAY = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Europe/London"))
DONT_KNOW = {NonAnswer.DONT_KNOW: "I'm not sure"}


@dataclass
class Clock:
    """A clock that a test can move."""

    time: datetime = TODAY

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **amount: int) -> None:
        self.time += timedelta(**amount)


def yes_no(name, text, **more):
    options = (Option(code="yes", label="Yes"), Option(code="no", label="No"))
    question = Question(
        id=name, type=QuestionType.CHOICE, text=text, short=text, options=options,
        non_answers=DONT_KNOW, **more,
    )  # fmt: skip
    return question


def tiny_questionnaire(audience="8-10", look="child", reading="8-10"):
    """Every type of question, one branch, one page of information."""
    pets = ("cat", "dog", "none")
    likes = Question(
        id="pets", type=QuestionType.CHOICES, text="Which animals do you like?", short="Animals",
        options=tuple(Option(code=p, label=p.title(), exclusive=p == "none") for p in pets),
        non_answers=DONT_KNOW,
    )  # fmt: skip
    ladder = Question(
        id="ladder", type=QuestionType.LADDER, text="How happy are you?", short="Happy",
        low_label="Not happy", high_label="Very happy", non_answers=DONT_KNOW,
    )  # fmt: skip
    wish = Question(
        id="wish", type=QuestionType.TEXT, text="If you had 100% of one wish?", short="Wish",
        max_length=40,
    )  # fmt: skip
    moved = Condition.model_validate({"question": "moved", "is": ["yes"]})
    return Questionnaire(
        id=f"tiny-{audience}",
        audience=audience,
        audience_label="Aged 8 to 10",
        title="Tiny",
        look=look,
        reading=reading,
        minutes=1,
        welcome=("This is about you.",),
        sections=(
            Section(
                id="home",
                title="Where you live",
                pages=(
                    Page(id="hello", heading="First, your home", body=("Nothing to pick here.",)),
                    Page(id="safe", question=yes_no("safe", "Do you feel safe?", sensitive=True)),
                    Page(id="moved", question=yes_no("moved", "Did you move?")),
                    Page(id="told", when=moved, question=yes_no("told", "Were you told?")),
                ),
            ),
            Section(
                id="you",
                title="You",
                pages=(
                    Page(id="pets", question=likes),
                    Page(id="ladder", question=ladder),
                    Page(id="wish", question=wish),
                ),
            ),
        ),
    )


def tiny_survey(**more):
    return Survey(
        id="tiny",
        title="Tiny",
        respondents="children",
        questionnaires=(tiny_questionnaire(**more),),
    )


class AnsweringSite:
    """The app, one wave, and what a test wants to know about its slots."""

    def __init__(self, folder, survey=None, *, languages=("en",), desk=False, **site):
        from surveys.answering.pages import blueprint

        self.survey = survey or tiny_survey()
        self.clock = Clock()
        self.folder = Path(folder)
        self.site = self._site(Path(folder), languages, site)
        self.app = Flask("app", root_path=str(ROOT), template_folder="surveys/templates")
        self.app.config.update(SECRET_KEY=secrets.token_hex(), WTF_CSRF_TIME_LIMIT=None)
        self.app.config.update(MAX_CONTENT_LENGTH=64 * 1024)
        self.app.config.update(BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"))
        self.app.jinja_env.trim_blocks = self.app.jinja_env.lstrip_blocks = True
        self.app.session_interface = SealedCookie(bytes(range(32)), self.clock, https=False)
        self.app.extensions["heard"] = self.site
        Babel(self.app, locale_selector=lambda: session.get("language", "en"))
        add_headers(self.app, https=False)
        admission.guard(self.app)
        CSRFProtect(self.app)
        show_errors_kindly(self.app)
        self.app.register_blueprint(blueprint)
        if desk:
            from surveys.staff.pages import blueprint as staff
            from surveys.tablets.pages import blueprint as tablets

            self.app.register_blueprint(staff)
            self.app.register_blueprint(tablets)
        self.wave = self._open_wave()

    def _site(self, folder, languages, more):
        folder.mkdir(parents=True, exist_ok=True)
        engine = open_engine(f"sqlite:///{folder}/heard.sqlite3")
        metadata.create_all(engine)
        values = {
            "authority": "Exampleshire County Council",
            "engine": engine,
            "surveys": {self.survey.id: self.survey},
            "frameworks": {},
            "support_lines": load_support_lines(ROOT / "config" / "support_lines.yaml"),
            "storage_key": secrets.token_bytes(32),
            "pepper": secrets.token_bytes(32),
            "site_id": secrets.token_bytes(32),
            "public_keys": folder / "public_keys",
            "summaries": folder / "summaries",
            "now": self.clock,
            "languages": {self.survey.id: languages},
        }
        return Site(**(values | more))

    def _open_wave(self):
        wave = prepare_wave(
            self.site.engine, self.survey, secrets.token_bytes(16),
            date(2026, 11, 1), date(2026, 11, 30),
        )  # fmt: skip
        self.analyst, self.mix = map(new_private_key, (Purpose.RESPONSE, Purpose.MIX))
        self.keys = public_halves((self.analyst,), (self.mix,))
        write_wave_keys(self.site.public_keys, wave.id, self.keys)
        set_status(self.site.engine, wave.id, WaveStatus.OPEN)
        return replace(wave, status=WaveStatus.OPEN)

    def invite(self, audience=None):
        """A link into a new slot."""
        secret = secrets.token_bytes(16)
        access = access_from_secret(secret)
        audience = audience or self.survey.questionnaires[0].audience
        slot = NewSlot(access.slot_id, access.part_key, Draft(audience, {}))
        create_slots(self.site.engine, self.site.storage_key, self.wave, [slot])
        return Invitation(link_text(secret), access)

    def draft(self, invitation):
        """The stored answers, or None when nothing is open any more."""
        found = read_draft(self.site.engine, self.site.storage_key, invitation.access)
        return dict(found[1].answers) if found else None

    def client(self):
        return self.app.test_client()

    def responses(self):
        """Close and release the wave, and open everything in it."""
        engine = self.site.engine
        set_status(engine, self.wave.id, WaveStatus.CLOSED)
        wave = find_wave(engine, self.wave.id)
        release_wave(engine, self.site.storage_key, wave, self.mix, keys=self.keys)
        return [
            response_from_bytes(open_envelope(data, self.analyst, self.wave.header).content)
            for data in envelopes_of(engine, self.wave.id)
        ]


@dataclass
class Invitation:
    """What is on a card, and where it leads."""

    link: str
    access: object
