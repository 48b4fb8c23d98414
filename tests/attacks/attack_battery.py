"""The battery: every way that we know of to guess whose response is whose.

In: a Loot. Out: for each attack a guess, person to row. Most lay an order of persons beside an order
of rows; some look for bytes, rows, transactions or log entries that belong to both. Whatever an attack
cannot tell it guesses, so that knowing nothing is worth exactly one right link on average. An attack
that finds nothing whatever to go by in a world (no log, all lengths equal) does not play in it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import pairwise, product

from attack_snapshots import Row, Snapshot, states
from attack_world import CHANCE, Loot, Person, row_key

from surveys.vault.drafts import open_draft
from surveys.vault.envelope import CannotOpen, take_apart
from surveys.vault.slot_content import SlotContent, unshut

Guess = Mapping[str, bytes]
Measure = Callable[[Row], object]
WINDOW, LONG, ID = 16, 1000, 16


def guesses(loot: Loot) -> Iterator[tuple[str, Guess]]:
    """Every attack by name, with its guess."""
    rows = row_orders(loot)
    for persons_by, persons in person_orders(loot).items():
        for rows_by, keys in rows.items():
            # an order turned round has no right link among an even number: that is outside, too
            yield f"{persons_by} ~ {rows_by}", dict(zip(persons, keys, strict=True))
    for attack in (same_bytes, same_row, same_transaction, same_commit, near_in_the_log):
        if found := attack(loot):
            yield attack.__name__, filled(loot, found)


def filled(loot: Loot, found: Mapping[str, bytes]) -> Guess:
    """A guess for everybody: where an attack says nothing, any row, as likely one as another."""
    keys = [row_key(row) for row in loot.responses]
    return {p.name: found.get(p.name) or CHANCE.choice(keys) for p in loot.respondents}


# -- persons in an order ------------------------------------------------------------------------


def person_orders(loot: Loot) -> dict[str, list[str]]:
    """Respondents, sorted by whatever an insider knows of them or of their slots."""
    last = loot.nights[-1] if loot.nights else loot.final
    slots = {bytes(row["id"]): row for row in last.rows.get("slot", [])}
    invitations = {bytes(row["id"]): row for row in loot.final.rows.get("invitation", [])}
    inside = payloads(loot)

    def slot_of(person: Person, part: str) -> object:
        row = slots.get(person.access.slot_id, {})
        return bytes(row.get(part, b""))

    def sent(person: Person) -> bytes:
        return next(iter(inside.get(person.name, ())), b"")

    measures: dict[str, Callable[[Person], object]] = {
        "invitation id": lambda p: p.invitation.id,
        "slot id": lambda p: p.access.slot_id,
        "slot's place": lambda p: _place(last, slots.get(p.access.slot_id), p.access.slot_id),
        "slot's bytes": lambda p: slot_of(p, "content"),
        "invitation's place": lambda p: _place(
            loot.final, invitations.get(p.invitation.id), p.invitation.id
        ),
        "outer envelope's id": lambda p: _outer_id(sent(p)),
        "outer envelope's length": lambda p: len(sent(p)),
        "first in the log": lambda p: loot.final.log.find(p.access.slot_id),
        "last in the log": lambda p: loot.final.log.rfind(p.access.slot_id),
    }
    people = {p.name: p for p in loot.respondents}
    found = _sorted_by(measures, people)
    return {"list of who answered": list(loot.order), **found}


def _sorted_by(measures: Mapping[str, Callable], things: Mapping) -> dict[str, list]:
    """Names of things in the order of each measure, ties by lot; measures that tell nothing go."""
    found = {}
    for name, measure in measures.items():
        measured = {key: measure(thing) for key, thing in things.items()}
        if len(set(measured.values())) > 1:
            found[name] = sorted(things, key=lambda key: (measured[key], CHANCE.random()))
    return found


def _place(snapshot: Snapshot, row: Row | None, part: bytes) -> tuple[int, ...]:
    return snapshot.place(row, part) if row else (-1,)


def _outer_id(payload: bytes) -> bytes:
    try:
        return take_apart(payload).header.response_id
    except CannotOpen:
        return b""


# -- rows in an order ---------------------------------------------------------------------------


def row_orders(loot: Loot) -> dict[str, list[bytes]]:
    """Released rows, sorted by whatever the database tells of them."""
    natural = {row_key(row): number for number, row in enumerate(loot.responses)}
    final = loot.final
    measures: dict[str, Measure] = {
        "as they come": lambda row: natural[row_key(row)],
        "row id": lambda row: row["id"],
        "hidden row id": lambda row: row.get("hidden", 0),
        "first byte's place": lambda row: final.place(row, _as_bytes(row["id"])),
        "last page's place": lambda row: final.place(row, row_key(row)[-64:]),
        "xmin": lambda row: row.get("xmin", 0),
        "envelope's length": lambda row: len(row_key(row)),
        "envelope, hashed": lambda row: sha256(row_key(row)).digest(),
        "envelope's own id": lambda row: _outer_id(row_key(row)),
        "first in the log": lambda row: final.log.find(_mark(row)),
        "last in the log": lambda row: final.log.rfind(_mark(row)),
    }
    return _sorted_by(measures, {row_key(row): row for row in loot.responses})


def _as_bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b"\xff" * WINDOW


def _mark(row: Row) -> bytes:
    """Bytes that no other row has: inside the sealed body, not in the header that all share."""
    return row_key(row)[-64:-32]


# -- what belongs to both -----------------------------------------------------------------------


def same_bytes(loot: Loot) -> dict[str, bytes]:
    """Bytes of a released row that were in somebody's slot, opened with the storage key and code."""
    envelopes = [row_key(row) for row in loot.responses]
    own = {e: _pieces(e) - {p for o in envelopes if o != e for p in _pieces(o)} for e in envelopes}
    found = {}
    for name, contents in payloads(loot).items():
        for envelope, pieces in own.items():
            if any(piece in content for content in contents for piece in pieces):
                found[name] = envelope
    return found


def _pieces(envelope: bytes) -> set[bytes]:
    starts = range(0, len(envelope) - WINDOW, WINDOW)
    return {envelope[start : start + WINDOW] for start in starts}


def same_row(loot: Loot) -> dict[str, bytes]:
    """A row of any table that names a person and a response at once."""
    found = {}
    for snapshot in (*loot.nights, loot.final):
        for rows in snapshot.rows.values():
            for row in rows:
                if names := _persons_in(loot, row):
                    whole = b"\0".join(map(_in_bytes, row.values()))
                    found |= dict(product(names, _responses_in(loot, whole)))
    return found


def same_transaction(loot: Loot) -> dict[str, bytes]:
    """A person's row that was written by the same transaction as a response (PostgreSQL's xmin)."""
    by_transaction: dict[object, list[str]] = {}
    for table, rows in loot.final.rows.items():
        for row in rows:
            if table != loot.table and "xmin" in row:
                by_transaction.setdefault(row["xmin"], []).extend(_persons_in(loot, row))
    found = {}
    for row in loot.responses:
        names = set(by_transaction.get(row.get("xmin"), []))
        if len(names) == 1:  # all of them in one transaction tell nothing
            found[names.pop()] = row_key(row)
    return found


def same_commit(loot: Loot) -> dict[str, bytes]:
    """A response and a person's row that came with the same commit, as SQLite's log tells them."""
    found, before = {}, frozenset()
    for state in states(loot.final):
        now = frozenset(tuple(map(_in_bytes, r.values())) for t in state.values() for r in t)
        new = dict(enumerate(value for row in now - before for value in row))
        names, keys = _persons_in(loot, new), _responses_in(loot, b"\0".join(new.values()))
        before = now
        if len(names) == len(keys) == 1:
            found[names[0]] = keys[0]
    return found


def near_in_the_log(loot: Loot) -> dict[str, bytes]:
    """For each response the person whose mark lies nearest in the log: one transaction's frames."""
    log, found = loot.final.log, {}
    places = [(at, p.name) for p in loot.respondents for m in p.marks for at in _all(log, m)]
    for row in loot.responses:
        at = log.find(_mark(row))
        if at >= 0 and places:
            found[min(places, key=lambda place: abs(place[0] - at))[1]] = row_key(row)
    return found


def _all(log: bytes, mark: bytes) -> Iterator[int]:
    at = log.find(mark)
    while at >= 0:
        yield at
        at = log.find(mark, at + 1)


def _in_bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def _persons_in(loot: Loot, row: Mapping[object, object]) -> list[str]:
    values = [value for value in map(_in_bytes, row.values()) if len(value) < LONG]  # not sealed
    exact = {loot.owners[value] for value in values if value in loot.owners}
    text = b"\0".join(value for value in values if len(value) != ID)
    inside = (
        {name for mark, name in loot.owners.items() if mark in text} if len(text) > ID else set()
    )
    return sorted(exact | inside)


def _responses_in(loot: Loot, text: bytes) -> list[bytes]:
    return [row_key(row) for row in loot.responses if _mark(row) in text]


# -- slots, as the thief opens them -------------------------------------------------------------


def payloads(loot: Loot) -> dict[str, list[bytes]]:
    """By name, what lay in the person's slot on each night, as far as code and storage key open it:
    finals first, then whatever a draft of theirs held.
    """
    found: dict[str, list[bytes]] = {}
    for person in loot.respondents:
        contents = [c for night in loot.nights if (c := _content(loot, night, person))]
        finals = [c.payload for c in contents if c.state.name == "FINAL"]
        found[person.name] = finals + [_read(loot, c, person) for c in contents]
    return found


def _content(loot: Loot, night: Snapshot, person: Person) -> SlotContent | None:
    for row in night.rows.get("slot", []):
        if bytes(row["id"]) == person.access.slot_id:
            stored = bytes(row["content"])
            return unshut(stored, loot.keys.storage_key, person.access.slot_id, loot.wave.id)
    return None


def _read(loot: Loot, content: SlotContent, person: Person) -> bytes:
    try:
        draft = open_draft(content.payload, person.access, loot.wave.instrument_hash)
    except CannotOpen:
        return b""
    return repr(sorted(draft.answers.items())).encode()


# -- who answered when --------------------------------------------------------------------------


def nights_of(loot: Loot) -> Guess:
    """Without the storage key: each night's respondent, from the slots that changed in it.

    The insider knows who took part, not when; a night is named by its number.
    """
    people = {p.access.slot_id: p.name for p in loot.respondents}
    found: dict[str, bytes] = {}
    for number, (before, after) in enumerate(pairwise(loot.nights)):
        changed = {s for s in people if _stored(before, s) != _stored(after, s)}
        if len(changed) == 1:
            found[people[changed.pop()]] = bytes([number])
    nights = [bytes([number]) for number in range(len(loot.nights) - 1)]
    return {p.name: found.get(p.name) or CHANCE.choice(nights) for p in loot.respondents}


def _stored(snapshot: Snapshot, slot_id: bytes) -> bytes:
    rows: Sequence[Row] = snapshot.rows.get("slot", [])
    return next((bytes(row["content"]) for row in rows if bytes(row["id"]) == slot_id), b"")
