// Cobblestone-256: C2SP chunked encryption with SHA-512 and AES-256-GCM, from WebCrypto alone.
// In: a 32-byte key, a context, content. Out: salt, key commitment and chunks; and back (in tests).
// The byte-for-byte counterpart of surveys/vault/cobblestone.py. The specification:
// C2SP chunked-encryption v1 ("key derivation", "message chunking", "AEAD usage").
import { bigEndian, join, randomBytes, utf8 } from "./bytes.js";

export const KEY_LENGTH = 32;
const SALT_LENGTH = 24;
const NONCE_LENGTH = 12;
const COMMITMENT_LENGTH = 32;
const TAG_LENGTH = 16;
const CHUNK = 16 * 1024;
const LABEL = utf8("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0");

// HKDF-Expand (RFC 5869, 2.3). WebCrypto's HKDF always extracts first, so HMAC it is.
const expand = async (inputKey, info, length) => {
  const algorithm = { name: "HMAC", hash: "SHA-512" };
  const hmacKey = await crypto.subtle.importKey("raw", inputKey, algorithm, false, ["sign"]);
  let block = new Uint8Array(0);
  let found = new Uint8Array(0);
  for (let number = 1; found.length < length; number += 1) {
    const next = await crypto.subtle.sign("HMAC", hmacKey, join(block, info, bigEndian(number, 1)));
    block = new Uint8Array(next);
    found = join(found, block);
  }
  return found.slice(0, length);
};

const derive = async (inputKey, salt, context) => {
  if (inputKey.length !== KEY_LENGTH) throw new TypeError("a key has 32 bytes");
  const length = KEY_LENGTH + NONCE_LENGTH + COMMITMENT_LENGTH;
  const found = await expand(inputKey, join(LABEL, salt, context), length);
  const raw = found.slice(0, KEY_LENGTH);
  return {
    key: await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]),
    baseNonce: found.slice(KEY_LENGTH, KEY_LENGTH + NONCE_LENGTH),
    commitment: found.slice(KEY_LENGTH + NONCE_LENGTH),
  };
};

const cipher = (baseNonce, number) => {
  const counter = bigEndian(number, NONCE_LENGTH);
  return { name: "AES-GCM", iv: baseNonce.map((byte, at) => byte ^ counter[at]), tagLength: 8 * TAG_LENGTH };
};

// The last chunk is always shorter than the others, so it may be empty.
const chunks = (data, length) =>
  Array.from({ length: Math.floor(data.length / length) + 1 }, (_, at) => data.subarray(at * length, (at + 1) * length));

export const lock = async (inputKey, context, content, salt = randomBytes(SALT_LENGTH)) => {
  const { key, baseNonce, commitment } = await derive(inputKey, salt, context);
  const parts = [salt, commitment];
  for (const [number, chunk] of chunks(content, CHUNK).entries()) {
    parts.push(new Uint8Array(await crypto.subtle.encrypt(cipher(baseNonce, number), key, chunk)));
  }
  return join(...parts);
};

export const unlock = async (inputKey, context, locked) => {
  const body = SALT_LENGTH + COMMITMENT_LENGTH;
  if (locked.length < body + TAG_LENGTH) throw new RangeError("cut short");
  const { key, baseNonce, commitment } = await derive(inputKey, locked.slice(0, SALT_LENGTH), context);
  const differs = locked.slice(SALT_LENGTH, body).reduce((found, byte, at) => found | (byte ^ commitment[at]), 0);
  if (differs) throw new RangeError("another key or context");
  const parts = [];
  for (const [number, chunk] of chunks(locked.subarray(body), CHUNK + TAG_LENGTH).entries()) {
    parts.push(new Uint8Array(await crypto.subtle.decrypt(cipher(baseNonce, number), key, chunk)));
  }
  return join(...parts);
};
