// The inbox's own modules, run by Node: one JSON request per line in, one JSON answer per line out.
import { createInterface } from "node:readline";
import { fromHex, toHex } from "../../../static/kiosk/bytes.js";
import { KeyFileDamaged, readKeyFile, unlockKeyFile, WrongPassphrase } from "../../../static/contact/keyfile.js";
import { fieldsOf, open, sealNote } from "../../../static/contact/opening.js";

const keyFrom = ({ suite, purpose, keyId, seed }) => ({ suite, purpose, keyId: fromHex(keyId), seed: fromHex(seed) });

const tasks = {
  unlock: async ({ text, passphrase }) => {
    const key = await unlockKeyFile(await readKeyFile(text), passphrase);
    return { ...key, keyId: toHex(key.keyId), seed: toHex(key.seed) };
  },
  open: async ({ sealed, key, id, part }) => toHex(await open(fromHex(sealed), keyFrom(key), await fieldsOf(id, part))),
  note: async ({ text, id, keys, bound }) => toHex(await sealNote(text, id, keys, bound)),
};

const serve = async () => {
  for await (const line of createInterface({ input: process.stdin })) {
    const { task, ...values } = JSON.parse(line);
    let answer;
    try {
      answer = { value: await tasks[task](values) };
    } catch (error) {
      answer = { error: error.constructor.name };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
};

serve();
