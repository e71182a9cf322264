import type { TlsOptions } from './tls-options.js';

/** Equal for equal settings: connections are shared by content. A digest, as there are keys in them. */
export function tlsKey(options: TlsOptions | undefined): string {
  if (options === undefined) return '';
  return keys.get(options) ?? digest(options);
}

/** By object, as there is one for a client. */
const keys = new WeakMap<TlsOptions, string>();

function digest(options: TlsOptions): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const hash = createHash('sha256');
  for (const [name, value] of Object.entries(options).sort()) {
    if (value === undefined) continue;
    const parts = Array.isArray(value) ? value : [value];
    for (const part of parts) hash.update(`\0${name}\0${part.length}\0`).update(part);
  }
  const key = hash.digest('base64');
  keys.set(options, key);
  return key;
}
