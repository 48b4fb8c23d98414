// Bytes: joining them, and reading and writing them as hex.
// In: byte arrays or hex. Out: byte arrays or hex.

export const utf8 = (text) => new TextEncoder().encode(text);

export const join = (...parts) => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
};

export const fromHex = (hex) => {
  if (!/^([0-9a-f]{2})*$/.test(hex)) throw new TypeError("not hex");
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => parseInt(hex.slice(2 * at, 2 * at + 2), 16));
};

export const toHex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export const randomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));

// A number as so many bytes, the greatest first.
export const bigEndian = (number, length) => {
  const bytes = new Uint8Array(length);
  for (let at = length - 1, rest = number; at >= 0; at -= 1, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
  return bytes;
};
