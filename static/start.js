// The front door for somebody with a link: takes the code out of the address bar at once.
// In: an address like /#abc... with 26 characters. Out: the code in the form, and one big button.
(() => {
  "use strict";
  const code = location.hash.slice(1).trim();
  if (!/^[a-z2-7]{26}$/i.test(code)) return;
  history.replaceState(null, "", location.pathname);
  const words = document.getElementById("words");
  if (!words) return; // a helper who has not chosen four digits yet
  words.value = code;
  if (!document.getElementById("by-link")) return; // a helper's page: the box shows what was scanned
  words.type = "hidden";
  document.getElementById("by-words").hidden = true;
  document.getElementById("by-link").hidden = false;
})();
