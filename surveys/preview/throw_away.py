"""A throw-away site for one author on one machine: the preview, and a walk through the real pages.

In: the questionnaires as they lie on the disk. Out: an app with an empty database of its own in a
temporary folder. Files are read anew when they change; while they have faults, every page says
which. No other site is opened, and the keys that answers are sealed to are thrown away at once.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from flask import Blueprint, Flask, abort, render_template, request, session, url_for
from werkzeug.wrappers import Response

from questionnaires.faults import Fault, QuestionnaireError
from questionnaires.fingerprint import instrument_hash
from questionnaires.loading import load_surveys
from questionnaires.model import Survey
from surveys.answering.onward import go_on
from surveys.answering.sitting import begin
from surveys.audiences import Audience, open_to
from surveys.invitations.codes import access_from_secret, link_text
from surveys.preview.workshop import Workshop
from surveys.site import Site, current_site
from surveys.speaking.catalogues import read_catalogues
from surveys.speaking.offer import Offer
from surveys.staff.accounts import add_account
from surveys.staff.sign_in import sign_in, signed_in_roles
from surveys.vault.drafts import Draft
from surveys.vault.slots import NewSlot, create_slots
from surveys.vault.waves import Wave, WaveStatus, all_waves, prepare_wave, set_status

walking = Blueprint("walking", __name__, url_prefix="/preview/walk")

COOKIE = "heard_preview"
_AUTHOR = "Author"


def throw_away_site(workshop: Workshop, folder: Path) -> Flask:
    """Make the site in an empty folder. What goes wrong with the files is shown on its pages."""
    from surveys.migrations.running import upgrade

    files = _Files(workshop.questionnaires)
    app = workshop.build(folder, files.surveys)
    site: Site = app.extensions["heard"]
    upgrade(site.engine)
    author = add_account(site.engine, _AUTHOR, secrets.token_urlsafe(), [Audience.COORDINATOR])
    app.session_interface.cookie_name = COOKIE  # type: ignore[attr-defined]  # not a real site's
    app.jinja_env.auto_reload = True
    app.register_blueprint(walking)

    def seat_the_author() -> None:
        if not signed_in_roles(session, site.now()):
            signed_in: dict[str, object] = {}  # beside a walk, which must go on
            sign_in(signed_in, author, site.now())
            session.update(signed_in)

    def read_again() -> tuple[str, int] | None:
        if files.changed() and not files.faults:
            _put_in(app, files.surveys, workshop.translations)
        if files.faults and request.endpoint != "static":
            return render_template("preview/faults.html", faults=files.faults), 422
        return None

    app.before_request_funcs.setdefault(None, [])[:0] = [seat_the_author, read_again]
    app.after_request(_say_preview)
    app.context_processor(lambda: {"walk_endpoint": "walking.walk"})
    return app


@walking.post("/<survey>/<audience>")
@open_to(Audience.COORDINATOR)
def walk(survey: str, audience: str) -> Response:
    """Begin as a respondent of one version, in a slot that goes with this process."""
    site = current_site()
    found = site.surveys.get(survey)
    if found is None or audience not in {one.audience for one in found.questionnaires}:
        abort(404)
    secret = secrets.token_bytes(16)
    access = access_from_secret(secret)
    slot = NewSlot(access.slot_id, access.part_key, Draft(audience, {}))
    create_slots(site.engine, site.storage_key, _wave(site, found), [slot])
    begin(link_text(secret))
    return go_on(url_for("answering.welcome"))


class _Files:
    """The questionnaires on the disk: as last read, or their faults."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._seen: dict[Path, tuple[int, int]] = {}
        self.surveys: Mapping[str, Survey] = {}
        self.faults: tuple[Fault, ...] = ()
        self.changed()

    def changed(self) -> bool:
        """Whether any file is not as it was; then they have been read again."""
        found = {file: _stamp(file) for file in sorted(self._root.rglob("*.yaml"))}
        if found == self._seen:
            return False
        self._seen = found
        try:
            self.surveys, self.faults = load_surveys(self._root), ()
        except QuestionnaireError as error:
            self.faults = error.faults
        return True


def _stamp(file: Path) -> tuple[int, int]:
    facts = file.stat()
    return facts.st_mtime_ns, facts.st_size


def _put_in(app: Flask, surveys: Mapping[str, Survey], translations: Path) -> None:
    site: Site = app.extensions["heard"]
    languages = Offer(surveys, read_catalogues(translations), list, everything=True)
    app.extensions["heard"] = replace(site, surveys=surveys, languages=languages)


def _wave(site: Site, survey: Survey) -> Wave:
    """An open wave that asks the survey as it is now."""
    waves = [wave for wave in all_waves(site.engine) if wave.survey == survey.id]
    for wave in waves:
        if wave.instrument_hash == instrument_hash(survey):
            return wave
    today, days = site.now().date(), timedelta(days=14)
    wave = prepare_wave(site.engine, survey, bytes(16), today, today + days, number=len(waves) + 1)
    _make_keys(site, wave)
    set_status(site.engine, wave.id, WaveStatus.OPEN)
    return replace(wave, status=WaveStatus.OPEN)


def _make_keys(site: Site, wave: Wave) -> None:
    """Public keys to seal with. The private halves are gone when this returns."""
    from surveys.keys.key_making import create_wave_keys
    from surveys.vault.key_files import Stretching

    with tempfile.TemporaryDirectory() as nowhere:
        create_wave_keys(
            wave.id,
            Path(nowhere),
            site.public_keys,
            spares=False,
            stretching=Stretching(8192, 1, 1),
        )


def _say_preview(response: Response) -> Response:
    """Say above every page that is not of the preview itself that nothing is kept."""
    own = request.blueprint in ("preview", "walking")
    if not own and response.mimetype == "text/html" and not response.direct_passthrough:
        banner = render_template("preview/walking_bar.html")
        page = response.get_data(as_text=True).replace("<body>", f"<body>\n{banner}", 1)
        response.set_data(page)
    return response
