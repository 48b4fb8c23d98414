// An invitation by link: takes the code out of the address bar at once and puts it into the form.
// In: an address like /staff/invitation#abc... with 26 characters. Out: the code in its field.
(() => {
  "use strict";
  const code = location.hash.slice(1).trim();
  if (!/^[a-z2-7]{26}$/i.test(code)) return;
  history.replaceState(null, "", location.pathname);
  document.getElementById("code").value = code;
})();
