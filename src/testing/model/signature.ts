const BYTES = 42;

/** What all signatures of an emulator begin with: base64 of `Emulat`. */
const MARK = 'RW11bGF0';

/**
 * A signature for a thinking block: opaque like the API's, and the same for the same text, so that
 * what comes back in a later request can be recognized.
 */
export function signatureOf(thinking: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < thinking.length; at++) hash = mix(hash ^ thinking.charCodeAt(at));
  const bytes = Array.from({ length: BYTES }, (_, at) => {
    hash = mix(hash ^ at);
    return hash >>> 24;
  });
  return MARK + btoa(String.fromCharCode(...bytes));
}

/**
 * Whether a thinking block is not as it was given. Only signatures made here can be judged: those of
 * the API, and what a test made up, pass. Empty thinking does too: where it is omitted, only the
 * signature stands for it.
 */
export function isAltered({
  thinking,
  signature,
}: {
  readonly thinking: string;
  readonly signature: string;
}): boolean {
  if (signature === '') return true;
  return signature.startsWith(MARK) && thinking !== '' && signature !== signatureOf(thinking);
}

/** A round of FNV-1a. */
const mix = (hash: number): number => Math.imul(hash, 0x01000193);
