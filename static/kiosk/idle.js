// Nobody there: asks, then hides, then deletes. Never sends.
// In: presses and keys while a run is on. Out: calls of the three steps, in this order.

const ASK = 3 * 60 * 1000;
const HIDE = 10 * 60 * 1000;
const FORGET = 15 * 60 * 1000;

export const watchIdle = ({ ask, hide, forget }) => {
  let clocks = [];
  const stop = () => clocks.forEach(clearTimeout);
  const again = () => {
    stop();
    clocks = [setTimeout(ask, ASK), setTimeout(hide, HIDE), setTimeout(forget, FORGET)];
  };
  const signs = ["pointerdown", "keydown", "input"]; // words can be spoken in, without a key
  for (const sign of signs) addEventListener(sign, again, true);
  again();
  return () => {
    stop();
    for (const sign of signs) removeEventListener(sign, again, true);
  };
};
