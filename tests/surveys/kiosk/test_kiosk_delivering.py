"""Delivering: each response once, into its own place, and nothing that does not belong there."""

import secrets
import threading

import pytest
from answering_respondent import Respondent
from answering_site import Invitation
from kiosk_site import KioskSite

from analysis.leaving_out import LeftOut
from analysis.opening import UnreadableResponse, open_responses
from questionnaires.responses import Chosen
from surveys.invitations.codes import access_from_secret, link_text, secret_from_link
from surveys.vault import slots
from surveys.vault.envelope import HeaderFields, Purpose
from surveys.vault.manifest_signing import signer_of
from surveys.vault.opening import new_private_key
from surveys.vault.public_keys import Generation, WaveKeys, change_wave_keys, keys_path
from surveys.vault.release import release_wave
from surveys.vault.sealing import seal_response
from surveys.vault.slot_content import unshut
from surveys.vault.store import envelopes_of
from surveys.vault.waves import WaveStatus, find_wave, set_status


@pytest.fixture
def kiosk(tmp_path):
    made = KioskSite(tmp_path / "site")
    yield made
    made.site.engine.dispose()


@pytest.fixture
def places(kiosk):
    return kiosk.pack(places="3")["places"]


def told(answer):
    return answer.status_code, answer.json["outcome"]


def test_a_response_is_taken_and_released_like_any_other(kiosk, places):
    assert told(kiosk.deliver(places[0], kiosk.seal("yes"))) == (200, "taken")
    assert told(kiosk.deliver(places[2], kiosk.seal("no"))) == (200, "taken")
    assert kiosk.states() == {"F": 2, "E": 1}
    found = kiosk.responses()
    assert sorted(one.answers["safe"].codes[0] for one in found) == ["no", "yes"]
    assert {one.mode.value for one in found} == {"offline"}


def test_the_same_again_is_told_so_and_changes_nothing(kiosk, places):
    envelope = kiosk.seal()
    kiosk.deliver(places[0], envelope)
    for _ in range(2):
        assert told(kiosk.deliver(places[0], envelope)) == (200, "already")
    assert len(kiosk.responses()) == 1


def test_another_response_for_a_used_place_is_refused(kiosk, places):
    kiosk.deliver(places[0], kiosk.seal("yes"))
    assert told(kiosk.deliver(places[0], kiosk.seal("no"))) == (409, "used")
    (kept,) = kiosk.responses()
    assert kept.answers["safe"].codes == ("yes",)


def test_many_at_once_are_taken_once(kiosk, places):
    envelope, answers = kiosk.seal(), []

    def deliver():
        answers.append(told(kiosk.deliver(places[0], envelope)))

    threads = [threading.Thread(target=deliver) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [(200, "already")] * 5 + [(200, "taken")]
    assert len(kiosk.responses()) == 1


def test_a_token_that_was_never_given_out_opens_nothing(kiosk, places):
    assert told(kiosk.deliver(secrets.token_hex(16), kiosk.seal())) == (410, "over")
    assert kiosk.states() == {"E": 3}


def test_a_token_one_bit_off_opens_nothing(kiosk, places):
    other = bytes([bytes.fromhex(places[0])[0] ^ 1]) + bytes.fromhex(places[0])[1:]
    assert told(kiosk.deliver(other.hex(), kiosk.seal())) == (410, "over")


def test_only_the_exact_length_is_taken(kiosk, places):
    envelope = kiosk.seal()
    for other in (envelope[:-1], envelope + b"\0", b"", b"x" * len(envelope)):
        assert told(kiosk.deliver(places[0], other)) == (400, "malformed")
    assert told(kiosk.deliver(places[0], kiosk.seal(length=2048))) == (400, "malformed")
    assert kiosk.deliver(places[0], bytes(70_000)).status_code == 413
    assert kiosk.states() == {"E": 3}


def test_only_envelopes_of_the_wave_to_its_custodian_are_taken(kiosk, places):
    analyst, mix = new_private_key(Purpose.RESPONSE), new_private_key(Purpose.MIX)
    strangers = WaveKeys((analyst.public,), (mix.public,))
    other_header = HeaderFields(bytes(16), bytes(32), 1)
    wave = type("Wave", (), {"header": other_header, "padded_length": kiosk.wave.padded_length})
    for envelope in (kiosk.seal(keys=strangers), kiosk.seal(wave=wave)):
        assert told(kiosk.deliver(places[0], envelope)) == (400, "malformed")
    assert kiosk.states() == {"E": 3}


def test_a_place_of_one_wave_takes_nothing_of_another(kiosk, places):
    first, first_keys = kiosk.wave, kiosk.keys
    from surveys.vault.public_keys import write_wave_keys
    from surveys.vault.waves import prepare_wave

    second = prepare_wave(
        kiosk.site.engine, kiosk.survey, b"j" * 16, first.opens_on, first.closes_on
    )
    set_status(kiosk.site.engine, second.id, WaveStatus.OPEN)
    write_wave_keys(kiosk.site.public_keys, second.id, first_keys)
    assert told(kiosk.deliver(places[0], kiosk.seal(wave=second))) == (400, "malformed")


def test_it_is_taken_after_the_last_day_until_the_wave_is_closed(kiosk, places):
    kiosk.clock.forward(days=30)
    assert told(kiosk.deliver(places[0], kiosk.seal())) == (200, "taken")
    set_status(kiosk.site.engine, kiosk.wave.id, WaveStatus.CLOSED)
    assert told(kiosk.deliver(places[1], kiosk.seal())) == (410, "over")


def test_what_was_taken_before_the_wave_was_closed_may_be_forgotten(kiosk, places):
    envelope = kiosk.seal()
    kiosk.deliver(places[0], envelope)
    set_status(kiosk.site.engine, kiosk.wave.id, WaveStatus.CLOSED)
    assert told(kiosk.deliver(places[0], envelope)) == (200, "already")
    release_wave(
        kiosk.site.engine, kiosk.site.storage_key,
        find_wave(kiosk.site.engine, kiosk.wave.id), kiosk.mix, keys=kiosk.keys,
    )  # fmt: skip
    assert told(kiosk.deliver(places[0], envelope)) == (410, "over")


def test_pack_from_before_a_change_of_keys_still_delivers(kiosk, places):
    before, mix = kiosk.seal(), new_private_key(Purpose.MIX)
    spare = new_private_key(Purpose.MIX)
    new = Generation(kiosk.keys.analyst, (mix.public, spare.public))
    signers = (signer_of(mix), signer_of(spare))
    changed = change_wave_keys(kiosk.site.public_keys, kiosk.wave.id, new, signers)
    after = kiosk.seal(keys=changed)
    assert len(after) > len(before)
    assert told(kiosk.deliver(places[0], before)) == (200, "taken")
    assert told(kiosk.deliver(places[1], after)) == (200, "taken")
    cross = before[:73] + after[73:]
    assert told(kiosk.deliver(places[2], cross + b"x")) == (400, "malformed")
    assert kiosk.states() == {"F": 2, "E": 1}


def test_without_keys_it_is_to_come_again_later(kiosk, places):
    envelope, path = kiosk.seal(), keys_path(kiosk.site.public_keys, kiosk.wave.id)
    kept = path.read_bytes()
    path.unlink()
    assert kiosk.deliver(places[0], envelope).status_code == 503
    path.write_bytes(kept)
    assert told(kiosk.deliver(places[0], envelope)) == (200, "taken")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
    ],
)
def test_another_site_cannot_deliver(kiosk, places, headers):
    assert kiosk.deliver(places[0], kiosk.seal(), **headers).status_code == 403
    assert kiosk.states() == {"E": 3}


def test_only_bytes_are_taken_and_no_form(kiosk, places):
    body = bytes.fromhex(places[0]) + kiosk.seal()
    for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data"):
        answer = kiosk.client().post("/kiosk/deliver", data=body, content_type=kind)
        assert answer.status_code == 415
    assert kiosk.states() == {"E": 3}


def test_delivering_sets_no_cookie_and_says_nothing_of_the_wave(kiosk, places):
    answer = kiosk.deliver(places[0], kiosk.seal())
    assert "Set-Cookie" not in answer.headers
    assert answer.json == {"outcome": "taken"} and "no-store" in answer.headers["Cache-Control"]


def test_no_link_delivers_and_the_draft_behind_it_stays(kiosk, places):
    child = Respondent(kiosk)
    child.enter()
    child.agree()
    child.press()
    child.pick("no")
    link = secret_from_link(child.invitation.link).hex()
    assert told(kiosk.deliver(link, kiosk.seal("yes"))) == (410, "over")
    assert kiosk.draft(child.invitation)["safe"] == Chosen(("no",))
    assert kiosk.states() == {"E": 3, "P": 1}


def test_no_token_of_a_place_opens_the_front_door(kiosk, places):
    secret = bytes.fromhex(places[0])
    person = Respondent(kiosk, Invitation(link_text(secret), access_from_secret(secret)))
    person.enter()
    assert not person.address.startswith("/answer/")
    person.get("/answer/welcome")
    assert person.address != "/answer/welcome"


@pytest.mark.parametrize("status", [WaveStatus.OPEN, WaveStatus.CLOSED])
def test_an_unknown_token_costs_no_more_than_a_few_slots_unlocked(kiosk, status, monkeypatch):
    kiosk.pack(places="40")
    envelope, unlocked = kiosk.seal(), []
    if status is WaveStatus.CLOSED:
        set_status(kiosk.site.engine, kiosk.wave.id, status)
    monkeypatch.setattr(slots, "unshut", lambda *given: unlocked.append(1) or unshut(*given))
    assert told(kiosk.deliver(secrets.token_hex(16), envelope)) == (410, "over")
    assert 0 < len(unlocked) <= 3


def test_an_unfit_delivery_is_left_out_at_publishing_and_counted(kiosk, places):
    junk = seal_response(b'{"junk":1}', kiosk.keys, kiosk.wave.header, kiosk.wave.padded_length)
    assert told(kiosk.deliver(places[0], junk)) == (200, "taken")
    kiosk.deliver(places[1], kiosk.seal("yes"))
    set_status(kiosk.site.engine, kiosk.wave.id, WaveStatus.CLOSED)
    release_wave(
        kiosk.site.engine, kiosk.site.storage_key,
        find_wave(kiosk.site.engine, kiosk.wave.id), kiosk.mix, keys=kiosk.keys,
    )  # fmt: skip
    released, left_out = list(envelopes_of(kiosk.site.engine, kiosk.wave.id)), LeftOut()
    with pytest.raises(UnreadableResponse):
        list(open_responses(released, kiosk.analyst, kiosk.wave.header))
    (kept,) = open_responses(released, kiosk.analyst, kiosk.wave.header, left_out)
    assert kept.answers["safe"] == Chosen(("yes",)) and left_out.count == 1
