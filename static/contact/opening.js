// Opening an envelope in the page of whoever holds a key, and sealing a note to both holders.
// In: bytes, a key, and what the envelope must say of itself. Out: the content, or CannotOpen,
// whatever the reason. The counterpart of surveys/vault/opening.py and envelope.py.
import { fromHex, join, utf8 } from "../kiosk/bytes.js";
import { unlock } from "../kiosk/cobblestone.js";
import { headerToBytes, PURPOSE } from "../kiosk/envelope.js";
import { BODY_CONTEXT, bufferOf, hpke, seal, WRAP_INFO } from "../kiosk/sealing.js";

const HEADER_LENGTH = 73;
const RESPONSE_ID_AT = 57;
const KEY_ID_LENGTH = 8;
const MOST_RECIPIENTS = 3;

export class CannotOpen extends Error {}

const number = (bytes) => bytes.reduce((found, byte) => found * 256 + byte, 0);

// Bytes from the front, one piece after another; throws where there are too few.
const reader = (bytes) => {
  let at = 0;
  return {
    take: (length) => {
      if (at + length > bytes.length) throw new CannotOpen("cut short");
      at += length;
      return bytes.slice(at - length, at);
    },
    rest: () => bytes.slice(at),
  };
};

export const takeApart = (bytes) => {
  const { take, rest } = reader(bytes);
  const header = take(HEADER_LENGTH);
  const count = number(take(1));
  if (count < 1 || count > MOST_RECIPIENTS) throw new CannotOpen("no recipients");
  const wraps = Array.from({ length: count }, () => {
    const keyId = take(KEY_ID_LENGTH);
    return { keyId, sealedKey: take(number(take(2))) };
  });
  return { header, wraps, body: rest() };
};

const isSame = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

const unpad = (padded) => {
  const length = number(padded.slice(0, 4));
  const end = 4 + length;
  if (padded.length < 4 || end > padded.length || padded.slice(end).some(Boolean)) throw new CannotOpen("padding");
  return padded.slice(4, end);
};

const unwrap = async ({ suite, keyId, seed }, { header, wraps }) => {
  const wrapped = wraps.find((one) => isSame(one.keyId, keyId));
  if (!wrapped) throw new CannotOpen("not a recipient");
  const cipher = hpke(suite);
  const encapsulated = cipher.kem.encSize;
  const opened = await cipher.open(
    {
      recipientKey: await cipher.kem.deserializePrivateKey(bufferOf(seed)),
      enc: bufferOf(wrapped.sealedKey.slice(0, encapsulated)),
      info: bufferOf(join(WRAP_INFO, header, keyId)),
    },
    bufferOf(wrapped.sealedKey.slice(encapsulated)),
  );
  return new Uint8Array(opened);
};

// What is inside. The envelope must be for this key's purpose and suite, and say what is expected.
export const open = async (bytes, key, fields) => {
  try {
    const parts = takeApart(bytes);
    const responseId = parts.header.slice(RESPONSE_ID_AT);
    const expected = headerToBytes({ suite: key.suite, purpose: key.purpose, fields, responseId });
    if (!isSame(parts.header, expected)) throw new CannotOpen("an envelope for something else");
    const dataKey = await unwrap(key, parts);
    return unpad(await unlock(dataKey, join(BODY_CONTEXT, parts.header), parts.body));
  } catch {
    throw new CannotOpen("this envelope cannot be opened with this key");
  }
};

// What an envelope of this room says of itself: which message, and what of it.
export const fieldsOf = async (messageId, part) => {
  const hash = await crypto.subtle.digest("SHA-256", utf8(`heard contact 1 ${part}`));
  return { surveyId: fromHex(messageId), instrumentHash: new Uint8Array(hash), wave: 0 };
};

export const sealNote = async (text, messageId, { recipients }, bound) => {
  const keys = recipients.map(({ suite, key_id: keyId, key }) => ({ suite, keyId: fromHex(keyId), key: fromHex(key) }));
  return seal(utf8(text), PURPOSE.contact, keys, await fieldsOf(messageId, "note"), bound);
};
