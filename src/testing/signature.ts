const BYTES = 48;

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
  return btoa(String.fromCharCode(...bytes));
}

/** A round of FNV-1a. */
const mix = (hash: number): number => Math.imul(hash, 0x01000193);
