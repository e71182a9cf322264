import { isPlain, isString, mustUnseen, type OptionCheck } from '../check-options.js';
import { AnthropicError } from '../errors.js';

/** How the server is recognized over TLS, and the client by it, under the names of `node:tls`. PEM is text. */
export interface TlsOptions {
  /** The authorities to trust instead of Node's own list, in PEM. */
  ca?: string | readonly string[] | undefined;
  /** The client's certificate and those above it, in PEM. */
  cert?: string | undefined;
  /** The private key of `cert`, in PEM. */
  key?: string | undefined;
  /** Decrypts `key`. */
  passphrase?: string | undefined;
  /** The name in the server's certificate. Default: the host of the URL. */
  servername?: string | undefined;
}

/** @throws AnthropicError for settings that can't be used. */
export function assertTls(options: TlsOptions | undefined): void {
  if (options === undefined) return;
  settings(options, 'tls');
  for (const [field, value] of Object.entries(options)) {
    if (!Object.hasOwn(FIELDS, field)) {
      throw new AnthropicError(
        `there is no tls.${field}: pass ca, cert, key, passphrase or servername, or an agent for others`,
      );
    }
    if (value !== undefined) FIELDS[field as keyof TlsOptions](value, `tls.${field}`);
  }
}

const settings = mustUnseen(isPlain, "pass an object such as { ca: readFileSync(path, 'utf8') }");
const aPem = mustUnseen(isString, "pass the text of a PEM file: readFileSync(path, 'utf8')");
const aText = mustUnseen(isString, 'pass a string');

const FIELDS: Readonly<Record<keyof TlsOptions, OptionCheck>> = {
  ca: mustUnseen(
    (value) => (Array.isArray(value) ? value : [value]).every(isString),
    "pass the text of a PEM file, readFileSync(path, 'utf8'), or a list of such texts",
  ),
  cert: aPem,
  key: aPem,
  passphrase: aText,
  servername: aText,
};
