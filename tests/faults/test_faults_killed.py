"""kill -9 of the process that stores answers: nothing acknowledged is lost, none torn, none twice."""

from fault_tasks import MIX, STORAGE_KEY, Slots, at_random, number_in_envelope, task
from vault_wave import KEYS

from surveys.vault.release import release_wave
from surveys.vault.store import envelopes_of
from surveys.vault.waves import WaveStatus, set_status


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(engine, writer, kills, figures):
    wanted = kills(8)
    slots, ahead, killed = Slots(engine, 12 * wanted), 0, 0
    while killed < wanted:
        left, unfinished = slots.unfinished()
        assert left, "the task was done too often before it was killed"
        writer.tell(**task(engine, slots.wave, do="write", slots=unfinished))
        slots.note(left, writer.line(60))  # it has begun to store
        for line in writer.lines_for(at_random(60)):
            slots.note(left, line)
        if writer.kill():
            killed += 1
            for line in writer.lines_for(60):
                slots.note(left, line)
        ahead += slots.check()
        slots.acknowledged = slots.stored()  # what was in flight is now known
    sent = slots.acknowledged.count("sent")
    assert slots.counts["failed"] == 0 and slots.counts["stored"] > wanted and sent
    stored, lost = slots.counts["stored"], slots.counts["lost"]
    figures(kills=killed, acknowledged=stored, in_flight=ahead, sent=sent, lost=lost)
    assert lost == 0
    release_and_count(engine, slots, sent)


def release_and_count(engine, slots, sent):
    set_status(engine, slots.wave.id, WaveStatus.CLOSED)
    assert release_wave(engine, STORAGE_KEY, slots.wave, MIX[0], keys=KEYS).released == sent
    opened = [number_in_envelope(one, slots.wave) for one in envelopes_of(engine, slots.wave.id)]
    assert len(opened) == sent
