// The tablet's page: for the helper, and around a child's run.
// In: what the tablet keeps. Out: runs begun, what was sealed kept and sent, counts shown. The counts
// are of answers alone: this page looks the same whether a message waits or not.
import { beginRun } from "./run.js";
import { element } from "./screen.js";
import { sealMessage } from "./sealing.js";
import { isReached, sendMessages, sendWaiting } from "./sending.js";
import { anySlip, countPlaces, countSealed, forgetPack, keepMessage, keepSealed, readPack } from "./store.js";
import { filled } from "./wording.js";

const byId = (id) => document.getElementById(id);
const home = byId("home");
const mount = byId("run");
let pack = null;
let end = null;

// --- the helper's page
const isOpenToday = () => {
  const now = new Date();
  const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0"));
  return pack.opens_on <= today.join("-") && now.getTime() < Date.parse(pack.closes) + 60_000;
};

const versionButtons = () =>
  pack.versions.map(({ id, label }) => {
    const button = element("button", { className: "equal", textContent: label });
    button.addEventListener("click", () => begin(id));
    return button;
  });

const languageOptions = () =>
  pack.order.map((code) => {
    const { name, tag } = pack.languages[code];
    return element("option", { value: code, lang: tag, textContent: name });
  });

const refresh = async () => {
  const [places, waiting] = await Promise.all([countPlaces(), countSealed()]);
  byId("count").textContent = String(waiting);
  byId("waiting").hidden = !pack && waiting === 0;
  byId("to-send").hidden = waiting === 0;
  byId("clear").disabled = waiting > 0;
  if (!pack) return;
  byId("places").textContent = String(places);
  byId("full").hidden = places > 0;
  byId("over").hidden = isOpenToday();
  byId("begin").hidden = places === 0 || !isOpenToday();
};

const showHome = async () => {
  pack = (await readPack()) ?? null;
  byId("unready").hidden = Boolean(pack);
  for (const id of ["start", "rules"]) byId(id).hidden = !pack;
  if (pack) {
    byId("title").textContent = pack.title;
    byId("closes").textContent = pack.closes_on;
    byId("language").replaceChildren(...languageOptions());
    byId("versions").replaceChildren(...versionButtons());
  }
  await refresh();
};

// --- a child's run
const begin = (versionId) => {
  if (end) return;
  home.hidden = true;
  mount.hidden = false;
  byId("outcome").textContent = "";
  end = beginRun({ pack, versionId, language: byId("language").value, mount, keep, tell, ended });
};

const keep = async (envelope) => {
  const kept = await keepSealed(envelope);
  if (kept) send();
  return kept;
};

const tell = async (content) => {
  const slip = await anySlip();
  if (!slip) return false;
  const kept = await keepMessage(slip.token, await sealMessage(content, pack.contact, slip.id));
  if (kept) sendMessages().catch(() => {}); // it waits, and goes another time
  return kept;
};

const ended = () => {
  end = null;
  mount.hidden = true;
  home.hidden = false;
  byId("language").selectedIndex = 0;
  scrollTo(0, 0);
  refresh();
};

// --- sending
const say = ({ sent, refused, reached }, asked) => {
  const { dataset } = byId("said");
  const number = (count, words) => (count ? [filled(words, { number: String(count) })] : []);
  const sentences = [...number(sent, dataset.sent), ...number(refused, dataset.refused)];
  if (!reached && asked) sentences.push(dataset.unreached);
  if (sentences.length) byId("outcome").textContent = sentences.join(" ");
};

const send = async (asked = false) => {
  const found = await sendWaiting();
  await refresh();
  say(found, asked);
};

byId("send").addEventListener("click", () => send(true));

// --- out of use: asked once, because places do not come back
const ask = (asked) => {
  byId("clear").hidden = asked;
  byId("sure").hidden = !asked;
  byId(asked ? "sure" : "clear").focus();
};

byId("clear").addEventListener("click", () => ask(true));
byId("clear-not").addEventListener("click", () => ask(false));
// Only where the server answers, even if nothing waits: so being kept says nothing of what waits.
byId("clear-now").addEventListener("click", async () => {
  ask(false);
  byId("clear-said").textContent = "";
  await send();
  const cleared = (await isReached()) && (await forgetPack());
  if (!cleared) byId("clear-said").textContent = byId("said").dataset.unreached;
  await showHome();
});
addEventListener("online", () => send());
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden && !end) refresh(); });

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/kiosk/worker.js", { scope: "/kiosk/" }).catch(() => {});
showHome().then(() => send());
