"""Sealing and opening, two layers, one recipient each, beside a raw X25519 exchange."""

import json
import time
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from surveys.vault.envelope import HeaderFields, Purpose
from surveys.vault.opening import new_private_key, open_envelope
from surveys.vault.public_keys import WaveKeys
from surveys.vault.sealing import seal_response

WINDOWS, SECONDS, BOUND = 9, 0.2, 4096


def main() -> None:
    """Print operations a second, the best of several windows."""
    analyst, mix = new_private_key(Purpose.RESPONSE), new_private_key(Purpose.MIX)
    keys = WaveKeys((analyst.public,), (mix.public,))
    header = HeaderFields(bytes(16), bytes(32), 1)
    message = bytes(2048)
    sealed = seal_response(message, keys, header, BOUND)
    inner = open_envelope(sealed, mix, header).content
    one, other = X25519PrivateKey.generate(), X25519PrivateKey.generate().public_key()
    exchange = _rate(lambda: one.exchange(other))
    figures = {
        "seal_both_layers": _rate(lambda: seal_response(message, keys, header, BOUND)),
        "open_mix_layer": _rate(lambda: open_envelope(sealed, mix, header)),
        "open_analyst_layer": _rate(lambda: open_envelope(inner, analyst, header)),
    }
    print(
        json.dumps(
            {
                "counts": "2 KiB responses padded to 4 KiB; operations a second, one process",
                "raw_x25519_exchange": round(exchange),
                **{name: round(rate) for name, rate in figures.items()},
                "ratio_to_x25519": {k: round(rate / exchange, 3) for k, rate in figures.items()},
            }
        )
    )


def _rate(action: Callable[[], object]) -> float:
    best = 0.0
    for _ in range(WINDOWS):
        count, began = 0, time.perf_counter()
        while time.perf_counter() - began < SECONDS:
            action()
            count += 1
        best = max(best, count / (time.perf_counter() - began))
    return best


if __name__ == "__main__":
    main()
