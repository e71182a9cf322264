import { AnthropicError } from '../errors.js';

/** What a custom `fetch` must do, for error messages. */
export const FETCH_CONTRACT =
  'A fetch must resolve with a Response: status, headers, and a body that is a ReadableStream of bytes, or null';

/**
 * What a `fetch` resolved with.
 * @throws AnthropicError where it is no response, or its body can't be read.
 */
export function assertResponse(value: unknown): Response {
  const { status, headers, body, bodyUsed } = (value ?? {}) as Partial<Response>;
  if (typeof status !== 'number' || typeof headers?.get !== 'function') {
    throw new AnthropicError(`fetch resolved with ${kindOf(value)}. ${FETCH_CONTRACT}`);
  }
  if (body !== null && body !== undefined && typeof body.getReader !== 'function') {
    throw new AnthropicError(
      `fetch resolved with a body that is ${kindOf(body)}. ${FETCH_CONTRACT}`,
    );
  }
  if (body?.locked || bodyUsed) {
    throw new AnthropicError(`fetch resolved with a body that was read already. ${FETCH_CONTRACT}`);
  }
  return value as Response;
}

/**
 * What a method of the library was given to read.
 * @param method names it, in errors.
 * @throws AnthropicError for what is no response, or one whose body is read elsewhere.
 */
export function unreadResponse(
  received: Response | ReadableStream<Uint8Array>,
  method: string,
): Response {
  const { body } = (received ?? {}) as Partial<Response>;
  const stream = received instanceof ReadableStream ? received : body;
  if (stream !== null && typeof stream?.getReader !== 'function') {
    const example = method.replace('()', '(await fetch(url))');
    throw new AnthropicError(`${method} takes a Response or a ReadableStream: write ${example}`);
  }
  if (stream?.locked || (received as Partial<Response>).bodyUsed) {
    throw new AnthropicError(
      `the body of this response has a reader already: ${method} must be the first to read it`,
    );
  }
  return received instanceof ReadableStream ? new Response(received) : received;
}

/**
 * A chunk of a body, as bytes.
 * @throws AnthropicError where it is something else.
 */
export function toBytes(chunk: unknown): Uint8Array {
  // A Buffer stays one: to make another view of it costs as much as to decode a small chunk.
  if (chunk instanceof Uint8Array) return chunk;
  // A test runner's globals can be of another realm.
  if (ArrayBuffer.isView(chunk)) {
    return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
  throw new AnthropicError(
    `the body of the response contains ${kindOf(chunk)}: it must be a ReadableStream of bytes (Uint8Array)`,
  );
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  const name = value.constructor?.name;
  return typeof name === 'string' && name !== '' ? `a value of ${name}` : 'an object';
}
