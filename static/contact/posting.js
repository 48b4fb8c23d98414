// Posting from the inbox, each time with the token of whoever is logged in by then: a page that was
// open while they logged in again in another tab goes on.
// In: an address and values. Out: what the server said; NotLoggedIn, or another error when it said
// nothing that could be used.
const PATIENCE = 20 * 1000; // milliseconds

export class NotLoggedIn extends Error {}

// The inbox in an answer. As a document, because no string may become one here: see the
// Content-Security-Policy. Whoever may not read messages is led to another page.
const inboxIn = ({ status, response }) => {
  if (response && response.getElementById("inbox")) return response;
  if (!response || status >= 500) throw new Error("no page of ours");
  throw new NotLoggedIn("another page came in its place");
};

const ask = (method, address, body) => new Promise((done, failed) => {
  const request = new XMLHttpRequest();
  request.open(method, address);
  request.responseType = "document";
  request.timeout = PATIENCE;
  request.onload = () => done(request);
  request.onerror = request.ontimeout = () => failed(new Error("no answer"));
  request.send(body);
});

const signed = async (values) => {
  const inbox = inboxIn(await ask("GET", location.pathname));
  return new URLSearchParams({ csrf_token: inbox.querySelector("input[name=csrf_token]").value, ...values });
};

// For an address that answers in values.
export const post = async (address, values = {}) => {
  const body = await signed(values);
  const answer = await fetch(address, { method: "POST", body, redirect: "error", cache: "no-store" });
  return { status: answer.status, values: answer.ok ? await answer.json() : {} };
};

// For an address that leads back to the inbox: the inbox as it is after that.
export const postAndLook = async (address) => inboxIn(await ask("POST", address, await signed({})));
