"""An answering site that prepares offline tablets, with a coordinator who can log in.

In: a folder, a cipher suite if it matters, and the keys for messages where there are any. Out: the
site; packs; envelopes sealed by the server's own code as a tablet would; how many places are filled.
"""

import json
import re

from answering_site import AnsweringSite, tiny_survey

from questionnaires.responses import Chosen, Mode, Response, response_to_bytes
from surveys.contact.keys import write_keys
from surveys.keys.key_making import public_halves
from surveys.kiosk.assets import VENDOR
from surveys.kiosk.fonts import STYLE_SHEET
from surveys.site import current_site
from surveys.staff.accounts import add_account
from surveys.staff.sign_in import sign_in
from surveys.vault.envelope import Purpose
from surveys.vault.hpke import DEFAULT_SUITE
from surveys.vault.opening import new_private_key
from surveys.vault.public_keys import write_wave_keys
from surveys.vault.sealing import seal_response
from surveys.vault.slots import count_states
from surveys.vault.waves import WaveStatus, find_wave, prepare_wave, set_status

NAME, PASSWORD = "Cora Coordinator", "a password of my own"


class KioskSite(AnsweringSite):
    """The room of offline tablets beside the respondents' pages."""

    def __init__(self, folder, survey=None, *, suite=DEFAULT_SUITE, contact=None, **more):
        from surveys.console.pages import blueprint as console
        from surveys.kiosk.pages import blueprint as kiosk
        from surveys.staff.pages import blueprint as staff
        from surveys.tablets.pages import blueprint as tablets

        self.suite = suite
        super().__init__(folder, survey or tiny_survey(), **more)
        self.site.summaries.mkdir(exist_ok=True)
        if contact:
            write_keys(self.site.public_keys, contact)
        self.app.jinja_env.globals["has_fonts"] = (VENDOR / STYLE_SHEET).is_file()
        for blueprint in (staff, console, tablets, kiosk):
            if blueprint.name not in self.app.blueprints:
                self.app.register_blueprint(blueprint)
        self.account = add_account(self.site.engine, NAME, PASSWORD, ["coordinator"])

    def _open_wave(self):
        wave = prepare_wave(
            self.site.engine, self.survey, b"i" * 16,
            self.clock.time.date().replace(day=1), self.clock.time.date().replace(day=30),
        )  # fmt: skip
        self.analyst = new_private_key(Purpose.RESPONSE, self.suite)
        self.mix = new_private_key(Purpose.MIX, self.suite)
        self.keys = public_halves((self.analyst,), (self.mix,))
        write_wave_keys(self.site.public_keys, wave.id, self.keys)
        set_status(self.site.engine, wave.id, WaveStatus.OPEN)
        return find_wave(self.site.engine, wave.id)

    def coordinator(self):
        """A client that is signed in."""
        client = self.client()
        with self.app.test_request_context():
            now = current_site().now()
        with client.session_transaction() as session:
            sign_in(session, self.account, now)
        return client

    def ask_pack(self, client=None, **changes):
        """Post the form that prepares a tablet."""
        client = client or self.coordinator()
        token = re.search(r'csrf_token" value="([^"]+)"', client.get("/kiosk/prepare").text)
        form = {
            "csrf_token": token[1] if token else "",
            "wave": self.wave.id.hex(),
            "places": "3",
            "version": [version.audience for version in self.survey.questionnaires],
            "language": list(self.site.languages[self.survey.id]),
        }
        return client.post("/kiosk/pack", data=form | changes)

    def pack(self, **changes):
        """A pack, as a tablet keeps it."""
        answer = self.ask_pack(**changes)
        assert answer.status_code == 200, answer.text
        return json.loads(answer.text)

    def seal(self, code="yes", keys=None, wave=None, length=None):
        """An envelope such as a tablet makes."""
        version = self.survey.questionnaires[0]
        content = response_to_bytes(Response(version.id, {"safe": Chosen((code,))}, Mode.OFFLINE))
        wave = wave or self.wave
        return seal_response(content, keys or self.keys, wave.header, length or wave.padded_length)

    def deliver(self, token, envelope, to="/kiosk/deliver", **headers):
        """Post as a tablet posts."""
        return self.client().post(
            to,
            data=bytes.fromhex(token) + envelope,
            content_type="application/octet-stream",
            headers=headers,
        )

    def states(self):
        """How many slots of the wave are in each state, by the state's letter."""
        found = count_states(self.site.engine, self.site.storage_key, self.wave.id)
        return {state.value.decode(): count for state, count in found.items()}
