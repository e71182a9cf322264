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
 * Whether a thinking block differs from what the emulator sent. Only its own signatures can be
 * checked: those of the API, or of a test, are accepted. So is empty thinking: if thinking is omitted
 * from a response, the signature alone stands for it.
 */
export function isAltered({
  thinking,
  signature,
}: {
  readonly thinking: string;
  readonly signature: string;
}): boolean {
  if (signature === '') return true;
  return signature.startsWith(MARK) && thinking !== '' && signature !== toSignature(thinking);
}

/** A round of FNV-1a. */
const mix = (hash: number): number => Math.imul(hash, 0x01000193);
