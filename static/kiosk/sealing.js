// Sealing in the page: a response or a message in, one envelope of constant length out, no way back.
// A response has two layers: the inner one for the analyst, the outer one for the release custodian. Both carry
// ids of their own, so that whoever saw the slot cannot recognise the row. What surveys/vault/
// sealing.py makes, byte for byte; the tests open it with the server's own code.
import { Chacha20Poly1305 } from "@hpke/chacha20poly1305";
import { CipherSuite, HkdfSha256 } from "@hpke/core";
import { DhkemX25519HkdfSha256 } from "@hpke/dhkem-x25519";
import { XWing } from "@hpke/hybridkem-x-wing";
import { fromHex, join, randomBytes, utf8 } from "./bytes.js";
import { KEY_LENGTH, lock } from "./cobblestone.js";
import { assemble, headerToBytes, pad, PURPOSE, SUITE } from "./envelope.js";

export const WRAP_INFO = utf8("cvs/1 wrap");
export const BODY_CONTEXT = utf8("cvs/1 body");
const KEMS = new Map([
  [SUITE.x25519, DhkemX25519HkdfSha256],
  [SUITE.xwing, XWing],
]);

export const hpke = (suite) => {
  const Kem = KEMS.get(suite);
  if (!Kem) throw new TypeError("unknown suite");
  return new CipherSuite({ kem: new Kem(), kdf: new HkdfSha256(), aead: new Chacha20Poly1305() });
};

export const bufferOf = (bytes) => bytes.slice().buffer;

const wrap = async ({ suite, keyId, key }, dataKey, header) => {
  const cipher = hpke(suite);
  const sealed = await cipher.seal(
    {
      recipientPublicKey: await cipher.kem.deserializePublicKey(bufferOf(key)),
      info: bufferOf(join(WRAP_INFO, header, keyId)),
    },
    bufferOf(dataKey),
  );
  return { keyId, sealedKey: join(new Uint8Array(sealed.enc), new Uint8Array(sealed.ct)) };
};

// One layer: an envelope that any one of the recipients can open. Throws TooLong.
export const seal = async (content, purpose, recipients, fields, bound) => {
  const padded = pad(content, bound);
  const { suite } = recipients[0];
  if (recipients.some((recipient) => recipient.suite !== suite)) throw new TypeError("one suite in a layer");
  const header = headerToBytes({ suite, purpose, fields, responseId: randomBytes(16) });
  const dataKey = randomBytes(KEY_LENGTH);
  const wraps = await Promise.all(recipients.map((recipient) => wrap(recipient, dataKey, header)));
  return assemble(header, wraps, await lock(dataKey, join(BODY_CONTEXT, header), padded));
};

const layer = (entries) =>
  entries.map(({ suite, key_id: keyId, key }) => ({ suite, keyId: fromHex(keyId), key: fromHex(key) }));

// Keys and header as the offline pack has them, in hex, made ready for sealing.
export const readWave = ({ keys, header, padded_length: paddedLength }) => ({
  analyst: layer(keys.analyst),
  mix: layer(keys.mix),
  fields: {
    surveyId: fromHex(header.survey_id),
    instrumentHash: fromHex(header.instrument_hash),
    wave: header.wave,
  },
  paddedLength,
});

// Seal a response for its slot, in both layers. Throws TooLong before sealing anything.
export const sealResponse = async (response, wave) => {
  const inner = await seal(response, PURPOSE.response, wave.analyst, wave.fields, wave.paddedLength);
  return seal(inner, PURPOSE.mix, wave.mix, wave.fields, inner.length);
};

// Seal a message to both of its readers, bound to the id of its slip. Throws TooLong.
export const sealMessage = (content, { keys, kind, bound }, id) => {
  const fields = { surveyId: fromHex(id), instrumentHash: fromHex(kind), wave: 0 };
  return seal(content, PURPOSE.contact, layer(keys), fields, bound);
};
