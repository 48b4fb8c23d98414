// What a tablet keeps: its pack, its unused places and slips, and what was sealed and waits to be sent.
// In: values to keep. Out: values kept. Never words that could be read; no time, no order: a response
// lies under the random token of its place, and a message under that of its slip, in a store apart.

const NAME = "heard-kiosk";
const PACK = "pack";
const PLACES = "places";
const SEALED = "sealed";
const SLIPS = "slips";
const MESSAGES = "messages";
const STORES = [PACK, PLACES, SEALED, SLIPS, MESSAGES];

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const opened = () => {
  const request = indexedDB.open(NAME, 2); // 1 was without messages
  request.onupgradeneeded = () => {
    const there = request.result.objectStoreNames;
    for (const store of STORES) if (!there.contains(store)) request.result.createObjectStore(store);
  };
  return asked(request);
};

// One transaction: all of it is on disk when this returns, or none.
const within = async (stores, mode, work) => {
  const database = await opened();
  try {
    const transaction = database.transaction(stores, mode, { durability: "strict" });
    const ended = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    ended.catch(() => {}); // told below, unless the work failed first
    const result = await work(...stores.map((store) => transaction.objectStore(store)));
    await ended;
    return result;
  } finally {
    database.close();
  }
};

const anyOf = (keys) => keys[crypto.getRandomValues(new Uint32Array(1))[0] % keys.length];

export const shuffled = (keys) => {
  const left = [...keys];
  const mixed = [];
  while (left.length) {
    const [key] = left.splice(left.indexOf(anyOf(left)), 1);
    mixed.push(key);
  }
  return mixed;
};

export const readPack = () => within([PACK], "readonly", (pack) => asked(pack.get(PACK)));

// A new pack takes the place of the old one and its unused places and slips. What waits stays.
export const keepPack = ({ places, contact, ...pack }) =>
  within([PACK, PLACES, SLIPS], "readwrite", (packStore, placeStore, slipStore) => {
    const { slips = [], ...sealing } = contact ?? {};
    packStore.put({ ...pack, contact: contact ? sealing : null }, PACK);
    placeStore.clear();
    for (const token of places) placeStore.put(true, token);
    slipStore.clear();
    for (const { token, id } of slips) slipStore.put(id, token);
  });

// False, forgetting nothing, while anything waits.
export const forgetPack = () =>
  within(STORES, "readwrite", async (pack, places, sealed, slips, messages) => {
    const waiting = await Promise.all([asked(sealed.count()), asked(messages.count())]);
    if (waiting.some(Boolean)) return false;
    for (const store of [pack, places, slips]) store.clear();
    return true;
  });

export const countPlaces = () => within([PLACES], "readonly", (places) => asked(places.count()));

export const countSealed = () => within([SEALED], "readonly", (sealed) => asked(sealed.count()));

// Use up one place, any of them. False, keeping nothing, when there is none left.
export const keepSealed = (envelope) =>
  within([PLACES, SEALED], "readwrite", async (places, sealed) => {
    const tokens = await asked(places.getAllKeys());
    if (!tokens.length) return false;
    const token = anyOf(tokens);
    places.delete(token);
    sealed.put(envelope, token);
    return true;
  });

const waitingIn = (store) => ({
  tokens: () => within([store], "readonly", (kept) => asked(kept.getAllKeys())),
  read: (token) => within([store], "readonly", (kept) => asked(kept.get(token))),
  forget: (token) => within([store], "readwrite", (kept) => asked(kept.delete(token))),
});

export const responses = waitingIn(SEALED);

export const messages = waitingIn(MESSAGES);

// Any unused slip; none when all are used up. It stays unused until a message is kept with it.
export const anySlip = () =>
  within([SLIPS], "readonly", async (slips) => {
    const tokens = await asked(slips.getAllKeys());
    if (!tokens.length) return null;
    const token = anyOf(tokens);
    return { token, id: await asked(slips.get(token)) };
  });

// Use a slip up. False, keeping nothing, when it was used meanwhile.
export const keepMessage = (token, envelope) =>
  within([SLIPS, MESSAGES], "readwrite", async (slips, kept) => {
    if ((await asked(slips.get(token))) === undefined) return false;
    slips.delete(token);
    kept.put(envelope, token);
    return true;
  });
