// The tablet's own modules, run by Node: one JSON request per line in, one JSON answer per line out.
import { createInterface } from "node:readline";
import { asEntered, isLow, readAnswer, responseBytes } from "../../../static/kiosk/answers.js";
import { fromHex, toHex } from "../../../static/kiosk/bytes.js";
import { lock, unlock } from "../../../static/kiosk/cobblestone.js";
import { holds } from "../../../static/kiosk/conditions.js";
import { onPath, path, progress } from "../../../static/kiosk/routing.js";
import { readWave, sealMessage, sealResponse } from "../../../static/kiosk/sealing.js";
import { faultsOf, messageBytes, tidied } from "../../../static/kiosk/talking.js";
import { wording } from "../../../static/kiosk/wording.js";

const tasks = {
  lock: async ({ key, context, content, salt }) =>
    toHex(await lock(fromHex(key), fromHex(context), fromHex(content), ...(salt ? [fromHex(salt)] : []))),
  unlock: async ({ key, context, locked }) => toHex(await unlock(fromHex(key), fromHex(context), fromHex(locked))),
  routes: ({ pages, each }) =>
    each.map((answers) => ({
      path: path(pages, answers).map(({ id }) => id),
      onPath: onPath(pages, answers),
      progress: path(pages, answers).map(({ id }) => progress(pages, answers, id)),
    })),
  holds: ({ condition, each }) => each.map((answers) => holds(condition, answers)),
  reads: ({ question, each }) => each.map(({ picked, text }) => readAnswer(question, picked, text)),
  entered: ({ answer }) => asEntered(answer),
  lows: ({ question, each }) => each.map((answer) => isLow(question, answer)),
  says: ({ question, id, words, each }) => each.map((answers) => wording(question, id, words, answers)),
  bytes: ({ questionnaire, answers }) => toHex(responseBytes(questionnaire, answers)),
  message: ({ words, longest }) => {
    const message = tidied(words);
    return { message, faults: faultsOf(message, longest), bytes: toHex(messageBytes(message)) };
  },
  tell: async ({ content, contact, id }) => toHex(await sealMessage(fromHex(content), contact, id)),
  seal: async ({ content, wave }) => toHex(await sealResponse(fromHex(content), readWave(wave))),
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
