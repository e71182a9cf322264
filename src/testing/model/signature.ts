const BYTES = 42;

/** The start of every signature of an emulator: base64 of `Emulat`. */
const MARK = 'RW11bGF0';

/**
 * A signature for a thinking block: opaque like the API's, and the same for the same text, so that a
 * later request can be checked.
 */
export function toSignature(thinking: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < thinking.length; at++) hash = mix(hash ^ thinking.charCodeAt(at));
  const bytes = Array.from({ length: BYTES }, (_, at) => {
    hash = mix(hash ^ at);
    return hash >>> 24;
  });
  return MARK + btoa(String.fromCharCode(...bytes));
}

/**
 * Whether the API would refuse the signature of a thinking block. The emulator's own are compared with the
 * thinking; of the API's only the form can be checked: base64 of one field whose length is that of the
 * rest. Empty thinking passes: if thinking is omitted from a response, the signature alone stands for it.
 */
export function isForged({
  thinking,
  signature,
}: {
  readonly thinking: string;
  readonly signature: string;
}): boolean {
  if (!signature.startsWith(MARK)) return !isOfApi(signature);
  return thinking !== '' && signature !== toSignature(thinking);
}

/** The first byte of a field with a length. */
const FIELD = 0x12;
const BASE64 = /^[A-Za-z0-9+/]{64,}={0,2}$/;

function isOfApi(signature: string): boolean {
  if (signature.length % 4 !== 0 || !BASE64.test(signature)) return false;
  const bytes = atob(signature);
  if (bytes.charCodeAt(0) !== FIELD) return false;
  let length = 0;
  for (let at = 1; at <= 5; at++) {
    const byte = bytes.charCodeAt(at);
    length += (byte & 0x7f) * 2 ** (7 * (at - 1));
    if (byte < 0x80) return length <= bytes.length - at - 1;
  }
  return false;
}

/** A round of FNV-1a. */
const mix = (hash: number): number => Math.imul(hash, 0x01000193);
