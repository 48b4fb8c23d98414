// Sending what waits: each sealed response with the token of its place, once, in no order.
// In: the store. Out: how many were sent, how many the server would not take, whether it answered.
// Nothing is forgotten here before the server has said that it holds it.
import { fromHex, join } from "./bytes.js";
import { forgetSealed, readSealed, shuffled, tokensWaiting } from "./store.js";

const DELIVER = "/kiosk/deliver";
const LOCK = "heard-kiosk-sending";
const REFUSALS = new Set([400, 403, 409, 410, 413, 415]);

const deliver = async (token, envelope) => {
  const answer = await fetch(DELIVER, {
    method: "POST",
    body: join(fromHex(token), envelope),
    headers: { "Content-Type": "application/octet-stream" },
    credentials: "omit", // nobody who is signed in here belongs with it
    cache: "no-store",
    redirect: "error",
  });
  return answer.status;
};

const drain = async () => {
  const found = { sent: 0, refused: 0, reached: true };
  for (const token of shuffled(await tokensWaiting())) {
    const envelope = await readSealed(token);
    if (!envelope) continue;
    let status;
    try {
      status = await deliver(token, envelope);
    } catch {
      return { ...found, reached: false };
    }
    if (status === 200) {
      await forgetSealed(token);
      found.sent += 1;
    } else if (REFUSALS.has(status)) {
      found.refused += 1;
    } else {
      return { ...found, reached: false };
    }
  }
  return found;
};

// One tab at a time; a second one waits, and then finds nothing left. Where tabs cannot wait for
// each other the server still takes each response once.
export const sendWaiting = () => (navigator.locks ? navigator.locks.request(LOCK, drain) : drain());
