// Sending what waits: messages first, then each sealed response with the token of its place, once, in
// no order. In: the store. Out: how many responses were sent, how many the server would not take,
// whether it answered. Of messages nothing is told: whoever holds the tablet need not know of any.
// Nothing is forgotten here before the server has said that it holds it.
import { fromHex, join } from "./bytes.js";
import { messages, responses, shuffled } from "./store.js";

const DELIVER = "/kiosk/deliver";
const MESSAGE = "/kiosk/message";
const BESIDE_THE_PAGE = "/kiosk/worker.js"; // what the tablet never has from its own cache
const LOCK = "heard-kiosk-sending";
const REFUSALS = new Set([400, 403, 409, 410, 413, 415]);
const UNREACHED = 0;

const deliver = async (address, token, envelope) => {
  try {
    const answer = await fetch(address, {
      method: "POST",
      body: join(fromHex(token), envelope),
      headers: { "Content-Type": "application/octet-stream" },
      credentials: "omit", // nobody who is signed in here belongs with it
      cache: "no-store",
      redirect: "error",
    });
    return answer.status;
  } catch {
    return UNREACHED;
  }
};

// Everything that waits in one store, until `told` says that this is enough.
const drain = async (waiting, address, told) => {
  for (const token of shuffled(await waiting.tokens())) {
    const envelope = await waiting.read(token);
    if (!envelope) continue;
    const status = await deliver(address, token, envelope);
    if (status === 200) await waiting.forget(token);
    if (told(status)) return;
  }
};

const drainMessages = () => drain(messages, MESSAGE, (status) => status === UNREACHED);

const drainResponses = async () => {
  const found = { sent: 0, refused: 0, reached: true };
  await drain(responses, DELIVER, (status) => {
    if (status === 200) found.sent += 1;
    else if (REFUSALS.has(status)) found.refused += 1;
    else found.reached = false;
    return !found.reached;
  });
  return found;
};

// One tab at a time; a second one waits, and then finds nothing left. Where tabs cannot wait for
// each other the server still takes each of them once.
const alone = (work) => (navigator.locks ? navigator.locks.request(LOCK, work) : work());

export const sendWaiting = () => alone(() => drainMessages().then(drainResponses));

export const sendMessages = () => alone(drainMessages);

export const isReached = () =>
  fetch(BESIDE_THE_PAGE, { method: "HEAD", credentials: "omit", cache: "no-store", redirect: "error" }).then(
    (answer) => answer.ok,
    () => false,
  );
