// The form of an envelope in bytes: header, wrapped data keys, body; and padding. No cryptography.
// In: the parts. Out: bytes, exactly as surveys/vault/envelope.py has them.
import { bigEndian, join, utf8 } from "./bytes.js";

const VERSION = 1;
const MOST_RECIPIENTS = 3;
const LENGTHS = { surveyId: 16, instrumentHash: 32, responseId: 16, keyId: 8 };

export const SUITE = Object.freeze({ x25519: 1, xwing: 2 });
export const PURPOSE = Object.freeze({ response: 1, mix: 2, contact: 3 });

export class TooLong extends Error {}

const exactly = (bytes, name) => {
  if (bytes.length !== LENGTHS[name]) throw new TypeError(`${name} has ${LENGTHS[name]} bytes`);
  return bytes;
};

export const headerToBytes = ({ suite, purpose, fields, responseId }) => {
  if (!(fields.wave >= 0 && fields.wave < 1 << 16)) throw new RangeError("wave below 65,536");
  return join(
    utf8("CVS1"),
    Uint8Array.of(VERSION, suite, purpose),
    exactly(fields.surveyId, "surveyId"),
    exactly(fields.instrumentHash, "instrumentHash"),
    bigEndian(fields.wave, 2),
    exactly(responseId, "responseId"),
  );
};

export const assemble = (header, wraps, body) => {
  if (wraps.length < 1 || wraps.length > MOST_RECIPIENTS) throw new RangeError("1 to 3 recipients");
  const parts = wraps.flatMap(({ keyId, sealedKey }) => [
    exactly(keyId, "keyId"),
    bigEndian(sealedKey.length, 2),
    sealedKey,
  ]);
  return join(header, Uint8Array.of(wraps.length), ...parts, body);
};

// Content with its length in front and zeros behind; refused above the bound, before any sealing.
export const pad = (content, bound) => {
  if (content.length > bound) throw new TooLong(`${content.length} bytes where at most ${bound} fit`);
  const padded = new Uint8Array(4 + bound);
  padded.set(bigEndian(content.length, 4));
  padded.set(content, 4);
  return padded;
};
