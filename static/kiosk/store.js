// What a tablet keeps: its pack, its unused places, and sealed responses that wait to be sent.
// In: values to keep. Out: values kept. Never an answer that could be read; no time, no order: a
// response lies under the random token of its place.

const NAME = "heard-kiosk";
const PACK = "pack";
const PLACES = "places";
const SEALED = "sealed";

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const opened = () => {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    for (const store of [PACK, PLACES, SEALED]) request.result.createObjectStore(store);
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

// A new pack takes the place of the old one and its unused places. What waits stays.
export const keepPack = ({ places, ...pack }) =>
  within([PACK, PLACES], "readwrite", (packStore, placeStore) => {
    packStore.put(pack, PACK);
    placeStore.clear();
    for (const token of places) placeStore.put(true, token);
  });

export const forgetPack = () =>
  within([PACK, PLACES], "readwrite", (packStore, placeStore) => {
    packStore.clear();
    placeStore.clear();
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

export const tokensWaiting = () => within([SEALED], "readonly", (sealed) => asked(sealed.getAllKeys()));

export const readSealed = (token) => within([SEALED], "readonly", (sealed) => asked(sealed.get(token)));

export const forgetSealed = (token) => within([SEALED], "readwrite", (sealed) => asked(sealed.delete(token)));
