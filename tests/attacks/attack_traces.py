"""Looking for words in files, however they may be written there.

In: words, and files. Out: which words lie in which file, in which form. What is compressed or
encrypted cannot be searched; sealed content is meant not to be found.
"""

import base64
from pathlib import Path


def forms_of(words: str) -> dict[bytes, str]:
    """The ways in which words could lie in a file, each with its name."""
    plain = words.encode()
    forms = {
        "UTF-8": plain,
        "UTF-16 little-endian": words.encode("utf-16-le"),
        "UTF-16 big-endian": words.encode("utf-16-be"),
        "hexadecimal": plain.hex().encode(),
        "HEXADECIMAL": plain.hex().upper().encode(),
        "percent-encoded": "".join(f"%{byte:02X}" for byte in plain).encode(),
        "JSON escapes": "".join(f"\\u{ord(letter):04x}" for letter in words).encode(),
        "form": words.replace(" ", "+").encode(),
        "address": words.replace(" ", "%20").encode(),
        "backwards": plain[::-1],
    }
    for offset in range(3):
        forms[f"base64 at {offset}"] = in_base64(plain, offset)
    return {form: name for name, form in reversed(forms.items())}  # by bytes: no form twice


def in_base64(plain: bytes, offset: int) -> bytes:
    """The letters that are the same whatever stands before and after, at one of three offsets."""
    padded = bytes(offset) + plain
    whole = base64.b64encode(padded[: len(padded) // 3 * 3])
    return whole[-(-offset * 4 // 3) :] if offset else whole


def traces(words: dict[str, str], files: list[Path]) -> list[tuple[str, str, str]]:
    """Every find: what it is, how it was written, in which file."""
    found = []
    for path in files:
        content = path.read_bytes()
        for name, text in words.items():
            forms = forms_of(text).items()
            found += [(name, form, path.name) for data, form in forms if data in content]
    return found
