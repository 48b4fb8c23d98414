// A private key file, opened in the page: the passphrase is stretched and the seed unlocked.
// In: the text of a file and a passphrase. Out: the key; or KeyFileDamaged, or WrongPassphrase.
// The counterpart of surveys/vault/key_files.py, for reading alone. Nothing of it leaves the page.
import { argon2idAsync } from "@noble/hashes/argon2.js";
import { fromHex, join, toHex, utf8 } from "../kiosk/bytes.js";
import { KEY_LENGTH, unlock } from "../kiosk/cobblestone.js";

const FORMAT = "heard private key 1";
const CONTEXT = utf8("heard private key");
const LEAST_MEMORY = 8 * 1024; // KiB
const MOST_MEMORY = 256 * 1024; // more than a browser may be asked for
const SEED_LENGTH = 32;

export class KeyFileDamaged extends Error {}
export class WrongPassphrase extends Error {}

// As Python writes it: keys in order, no spaces, and nothing but ASCII inside.
const canonical = (document) =>
  utf8(JSON.stringify(Object.fromEntries(Object.entries(document).sort(([one], [other]) => (one < other ? -1 : 1)))));

const without = (document, ...names) =>
  Object.fromEntries(Object.entries(document).filter(([name]) => !names.includes(name)));

const check = async (document) => {
  const hash = await crypto.subtle.digest("SHA-256", canonical(without(document, "check")));
  return toHex(new Uint8Array(hash)).slice(0, 16);
};

const isWithin = (number, least, most) => Number.isInteger(number) && number >= least && number <= most;

export const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

// What a file says of itself, once it is whole. Throws KeyFileDamaged.
export const readKeyFile = async (text) => {
  let document;
  try {
    document = JSON.parse(text);
  } catch {
    throw new KeyFileDamaged("not a key file");
  }
  const isOne = document !== null && typeof document === "object" && document.format === FORMAT;
  if (!isOne || document.check !== (await check(document))) throw new KeyFileDamaged("changed or damaged");
  const { memory, iterations, lanes } = document;
  const fits = isWithin(memory, LEAST_MEMORY, MOST_MEMORY) && isWithin(iterations, 1, 20) && isWithin(lanes, 1, 16);
  if (!fits) throw new KeyFileDamaged("asks for more than a browser can do");
  return document;
};

// The key in a file. Throws WrongPassphrase for a whole file and other words.
export const unlockKeyFile = async (document, passphrase) => {
  const words = passphrase.toLowerCase().split(/\s+/).filter(Boolean).join(" ");
  const { memory, iterations, lanes, salt } = document;
  const costs = { m: memory, t: iterations, p: lanes, dkLen: KEY_LENGTH, asyncTick: 50 };
  const stretched = await argon2idAsync(utf8(words), fromHex(salt), costs);
  const context = join(CONTEXT, canonical(without(document, "locked", "check")));
  let seed;
  try {
    seed = await unlock(stretched, context, fromBase64(document.locked));
  } catch {
    throw new WrongPassphrase("this passphrase does not open the file");
  } finally {
    stretched.fill(0);
  }
  if (seed.length !== SEED_LENGTH) throw new KeyFileDamaged("no seed");
  return { purpose: document.purpose, suite: document.suite, keyId: fromHex(document.key_id), seed };
};
