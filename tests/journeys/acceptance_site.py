"""The whole site, with somebody at every stage of it, so that every page can be met.

In: a folder. Out: an app like the real one, three surveys (one for each look) that ask in every
shape the real questionnaires have, and people: clients who have got to one stage each.
"""

import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pyotp
from answering_respondent import Respondent
from answering_site import Invitation
from every_role import account_with
from flask import abort
from flask_wtf.csrf import CSRFError
from soft_passkey import SoftPasskey

from questionnaires.model import Battery, Page, Question, QuestionType, Section, Survey
from questionnaires.responses import Chosen, Month, Number, Ranked, Written
from surveys.audiences import Audience, open_to
from surveys.invitations.codes import access_from_secret, link_text
from surveys.keys.key_making import public_halves
from surveys.speaking.catalogues import read_catalogues
from surveys.speaking.offer import Offer, Wording
from surveys.speaking.texts import translation
from surveys.staff.accounts import STAFF_ROLES, account_with_id, add_account
from surveys.staff.authenticator import keep_authenticator, new_secret
from surveys.staff.passkeys import add_passkey, creation_options
from surveys.staff.recovery import replace_codes
from surveys.staff.relying_party import RelyingParty
from surveys.staff.sign_in import begin_halfway, sign_in
from surveys.vault.drafts import Draft
from surveys.vault.envelope import Purpose
from surveys.vault.opening import new_private_key
from surveys.vault.public_keys import write_wave_keys
from surveys.vault.slots import NewSlot, change_draft, create_slots, read_draft
from surveys.vault.waves import WaveStatus, prepare_wave, set_status
from tests.analysis.results_site import PRIVATE, sign_into
from tests.analysis.sample_summary import sample_summary

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Europe/London"))
LOOKS = {"child": "8-10", "young": "16+", "desk": "adult"}
LANGUAGES = ("en", "ar")
DIGITS = "4711"


class Offered(Offer):
    """Languages that are offered and count as complete with whatever is translated by now."""

    def is_offered(self, standing):
        return standing.language in self.languages

    def wording(self, survey, language):
        made = super().wording(survey, language)
        if language not in self.languages:
            return made
        told = (text for text in made.texts if translation(made.catalogue, text).lack is None)
        return Wording(made.catalogue, tuple(told))


class Visitor(Respondent):
    """A respondent who looks for the token alone, which is quicker than reading all of a page."""

    @property
    def token(self):
        return re.search(r'name="csrf_token" (?:type="hidden" )?value="([^"]+)"', self.text).group(
            1
        )


class AcceptanceSite:
    """The app, its waves, and the people in it."""

    def __init__(self, folder, languages=LANGUAGES, **more):
        from analysis.signing import public_key
        from app import create_app
        from config.settings import create_site, read_settings
        from surveys.database import open_engine
        from surveys.migrations.running import upgrade

        home = Path(folder) / "site"
        create_site(home, "Exampleshire County Council", demo=True, https=False)
        upgrade(open_engine(f"sqlite:///{home.resolve()}/heard.sqlite3"))
        self.app = create_app(read_settings(home))
        make_troubles(self.app)
        found = self.app.extensions["heard"]
        self.surveys = {look: survey_of_every_shape(look, found.surveys) for look in LOOKS}
        surveys = {**found.surveys, **{s.id: s for s in self.surveys.values()}}
        offered = Offered(surveys, read_catalogues(ROOT / "translations"), list, everything=True)
        offered.languages = languages
        values = {"surveys": surveys, "languages": offered, "now": lambda: NOON, **more}
        self.site = self.app.extensions["heard"] = replace(found, **values)
        self.waves = {look: self._open_wave(survey) for look, survey in self.surveys.items()}
        self._inspections()
        self._messages()
        (found.summaries / "publisher.pub").write_text(public_key(PRIVATE).hex(), "ascii")
        sign_into(found.summaries, sample_summary())
        roles = sorted(role.value for role in STAFF_ROLES)
        password = "a password of my own"
        self.everybody = account_with(self.site.engine, "Sam Everybody", roles)
        add_every_factor(self.site, self.everybody)
        self.helper = add_account(self.site.engine, "Hana Helper", password, ["helper"])

    def _open_wave(self, survey):
        first, last = NOON.date() - timedelta(days=7), NOON.date() + timedelta(days=7)
        wave = prepare_wave(self.site.engine, survey, secrets.token_bytes(16), first, last)
        keys = [(new_private_key(purpose),) for purpose in (Purpose.RESPONSE, Purpose.MIX)]
        write_wave_keys(self.site.public_keys, wave.id, public_halves(*keys))
        set_status(self.site.engine, wave.id, WaveStatus.OPEN)
        return replace(wave, status=WaveStatus.OPEN)

    def _inspections(self):
        from surveys.inspections.preparing import prepare_survey
        from surveys.inspections.record import open_inspection
        from surveys.rehearsal.stage import day_1_so_that_today_is

        for days_ago in (700, 0):
            day = NOON.date() - timedelta(days=days_ago)
            made = open_inspection(
                self.site.engine, authority=self.site.authority, framework="2009",
                day_1=day_1_so_that_today_is(5, day), title="Inspection", invented=True,
            )  # fmt: skip
        prepare_survey(self.site, made, "care4me")

    def _messages(self):
        """Keys for "I need to talk", and one message in every state."""
        from surveys.contact.keys import SafeguardingKeys, write_keys
        from surveys.contact.requests import add_request, mark_done, mark_seen

        both = (new_private_key(Purpose.CONTACT).public for _ in range(2))
        write_keys(self.site.public_keys, SafeguardingKeys(*both))
        day, ids = NOON.date(), [secrets.token_bytes(16) for _ in range(3)]
        for request_id in ids:
            add_request(self.site.engine, request_id, b"sealed", day)
        mark_seen(self.site.engine, ids[1], "Sam Everybody", day)
        mark_done(self.site.engine, ids[2], "Sam Everybody", day, b"sealed")

    def client(self):
        return self.app.test_client()

    def invite(self, look="child"):
        secret = secrets.token_bytes(16)
        access = access_from_secret(secret)
        slot = NewSlot(access.slot_id, access.part_key, Draft(LOOKS[look], {}))
        create_slots(self.site.engine, self.site.storage_key, self.waves[look], [slot])
        return Invitation(link_text(secret), access)

    def person(self, stage, language="en"):
        """Somebody who has just got to a stage."""
        person = Visitor(self, self.invite(stage.look))
        self.speak(person, language)
        stage.reach(self, person)
        self.speak(person, language)  # a sign-in and an end begin a new session
        return person

    def take_over(self, person, page):
        """Let a browser go on where somebody has got to."""
        cookie = person.client.get_cookie("heard")
        found = {"name": "heard", "value": cookie.value, "url": self.address}
        page.context.add_cookies([found])

    def speak(self, person, language):
        with person.client.session_transaction() as session:
            session["language"] = language

    def draft(self, invitation):
        """The stored answers, or None when nothing is open any more."""
        found = read_draft(self.site.engine, self.site.storage_key, invitation.access)
        return dict(found[1].answers) if found else None

    def fill_draft(self, invitation, look, every=1):
        """Answer every question, or every other, straight into the draft."""
        version = self.surveys[look].questionnaires[0]
        asked = [page for page in version.pages if page.question][::every]
        answers = {page.id: answer_to(page.question) for page in asked}
        change_draft(
            self.site.engine,
            self.site.storage_key,
            invitation.access,
            lambda draft: replace(draft, answers=answers),
        )

    def fill(self, person, look, every=1):
        """The same, and as if it had been in this sitting."""
        self.fill_draft(person.invitation, look, every)
        pages = len(self.surveys[look].questionnaires[0].pages)
        with person.client.session_transaction() as session:
            session["seen"] = f"{(1 << pages) - 1:x}"


def answer_to(question):
    """A fitting answer of each type."""
    codes = [option.code for option in question.options]
    match question.type:
        case QuestionType.TEXT:
            return Written("A swing in the garden")
        case QuestionType.LADDER:
            return Number(3)
        case QuestionType.MONTH:
            return Month(question.earliest_year, 5)
        case QuestionType.RANKING:
            return Ranked(tuple(codes[: question.places]))
    return Chosen((codes[0],))


@dataclass(frozen=True)
class Stage:
    """How far somebody has got, and in which look they meet pages."""

    name: str
    look: str
    reach: object
    meets_all: int = 0  # how many questions and errors are looked at here
    sends: str = ""  # named where forms are answered in another way than before


def stranger(site, person):
    """Has just come."""


def told_to_wait(site, person):
    with person.client.session_transaction() as session:
        session["next_try"] = int(NOON.timestamp()) + 60


def arrived(site, person):
    person.enter()


def resumed(look):
    def reach(site, person):
        person.enter()
        site.fill(person, look, every=2)
        person.enter()
        person.agree()

    return reach


def answering(look, screen="narrow"):
    def reach(site, person):
        person.enter()
        site.fill(person, look)
        person.post("/answer/welcome", screen=screen)

    return reach


def hidden(pictures):
    def reach(site, person):
        answering("child")(site, person)
        with person.client.session_transaction() as session:
            session.update({"pictures": pictures} if pictures else {})
        person.get("/answer/1")
        person.post("/answer/hide")

    return reach


def finished(look):
    def reach(site, person):
        answering(look)(site, person)
        person.get("/answer/check")
        person.post("/answer/send")

    return reach


def signed_in(site, person):
    account = account_with_id(site.site.engine, site.everybody.id)  # as log-outs have left it
    with person.client.session_transaction() as session:
        sign_in(session, account, NOON)


def add_every_factor(site, account):
    """An app, a passkey and recovery codes, so that every page about them can be met."""
    secret, then = new_secret(), NOON.timestamp() - 3600
    code = pyotp.TOTP(secret).at(int(then))
    keep_authenticator(
        site.engine, site.storage_key, account.id, secret=secret, code=code, now=then
    )
    key, party, asked = SoftPasskey(), RelyingParty("localhost", "http://localhost"), bytes(32)
    answer = key.create(creation_options(party, account, (), asked))
    add_passkey(site.engine, party, account.id, name="work phone", answer=answer, challenge=asked)
    replace_codes(site.engine, site.pepper, account.id)


def half_way_in(site, person):
    """Has given a right password, and is asked for the second factor."""
    account = account_with_id(site.site.engine, site.everybody.id)
    with person.client.session_transaction() as session:
        begin_halfway(session, account, NOON)


def helping(digits):
    def reach(site, person):
        account = account_with_id(site.site.engine, site.helper.id)
        with person.client.session_transaction() as session:
            sign_in(session, account, NOON)
            session["digits"] = digits

    return reach


def handed_over(site, person):
    helping(DIGITS)(site, person)
    person.get("/tablet/")
    person.post("/tablet/start", words=person.invitation.link)
    person.post("/answer/leave")


def stages():
    """Everybody that a page may meet, those who meet the most first."""
    for look in LOOKS:
        yield Stage("answering", look, answering(look), 99)
        yield Stage("arrived", look, arrived)
        yield Stage("back again", look, resumed(look), 2)
        yield Stage("finished", look, finished(look))
    yield Stage("on a wide screen", "desk", answering("desk", "wide"), 99)
    yield Stage("hidden", "child", hidden(["boat", "star", "sun"]), sends="hidden")
    yield Stage("hidden without pictures", "child", hidden([]))
    yield Stage("handed over", "child", handed_over)
    yield Stage("stranger", "child", stranger)
    yield Stage("told to wait", "child", told_to_wait, sends="waiting")
    yield Stage("helper", "desk", helping(DIGITS))
    yield Stage("helper without digits", "desk", helping(""), sends="digits")
    yield Stage("everybody", "desk", signed_in)
    yield Stage("half way in", "desk", half_way_in)


def survey_of_every_shape(look, surveys):
    """One question for every shape that a look has: the one with the longest words of its shape."""
    versions = [
        version
        for survey in surveys.values()
        for version in survey.questionnaires
        if version.look == look
    ]
    pages = list(_worst_of_each_shape(versions).values())
    pages = [*pages, *_types_missing(pages, surveys)]
    first = next(version for version in versions if version.reading == LOOKS[look])
    sections = (
        Section(id="one", title=first.sections[0].title, pages=tuple(pages[::2])),
        Section(id="two", title=first.sections[-1].title, pages=tuple(pages[1::2])),
        Section(id="three", title="Your last move", pages=_battery()),
    )
    made = first.model_copy(
        update={"id": f"shapes-{look}", "audience": LOOKS[look], "sections": sections}
    )
    easy = made.model_copy(update={"audience": "easy-read", "id": "shapes-easy"})
    versions = (made, easy) if look == "child" else (made,)
    return Survey(
        id=f"shapes_{look}", title=f"Every shape, {look}", respondents="x", questionnaires=versions
    )


def _worst_of_each_shape(versions):
    found = {}
    for version in versions:
        for page in version.pages:
            if page.battery:
                continue
            size = _longest(page)
            if size > _longest(found.get(shape_of(page))):
                found[shape_of(page)] = page.model_copy(update={"when": None})
    return found


def shape_of(page):
    """What decides how a page is drawn."""
    question = page.question
    if question is None:
        return ("information",)
    pictured = question.symbol is not None, any(option.symbol for option in question.options)
    many = (len(question.options) > 4) + (len(question.options) > 12)
    extra = bool(question.non_answers), bool(question.hint), question.sensitive
    kind = (question.type, question.pictures, *pictured, many)
    return (*kind, *extra) if question.type == QuestionType.TEXT else kind


def _longest(page):
    if page is None:
        return -1
    if page.question is None:
        return sum(map(len, page.body))
    return len(page.question.text) + max([len(o.label) for o in page.question.options] or [0])


def _types_missing(pages, surveys):
    """Types that no version of this look asks yet, borrowed from others."""
    have = {page.question.type for page in pages if page.question}
    every = [version for survey in surveys.values() for version in survey.questionnaires]
    borrowed = _worst_of_each_shape(every).values()
    for kind in QuestionType:
        if kind not in have:
            page = next(p for p in borrowed if p.question and p.question.type == kind)
            name = {"id": f"{page.id}_x"}
            yield page.model_copy(
                update={**name, "question": page.question.model_copy(update=name)}
            )


def _battery():
    from questionnaires.model import Option

    battery = Battery(id="it", text="Think of your last move.", hint="All are about that day.")
    options = tuple(
        Option(code=code, label=label)
        for code, label in (("yes", "Yes, mostly"), ("some", "Sometimes"), ("no", "No, never"))
    )
    lines = {"was_told": "Were you told in time?", "was_asked": "Were you asked what you wanted?"}
    return tuple(
        Page(
            id=name, battery=battery,
            question=Question(
                id=name, type=QuestionType.CHOICE, text=text, short=text, options=options,
                non_answers={"dont_know": "I'm not sure"},
            ),
        )
        for name, text in lines.items()
    )  # fmt: skip


def make_troubles(app):
    """Addresses at which every error there is happens."""

    @open_to(Audience.PUBLIC)
    def trouble(code):
        if code == 419:
            raise CSRFError
        abort(code)

    app.add_url_rule("/trouble/<int:code>", "trouble", trouble)
    app.add_url_rule("/staff/trouble/<int:code>", "desk_trouble", trouble)
