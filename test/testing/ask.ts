import { SseDecoder } from '../../src/sse/decoder.js';
import type { Emulator } from '../../src/testing/index.js';
import type { RawMessageStreamEvent } from '../../src/wire/events.js';

/** Params that pass every check. */
export const PARAMS = {
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user' as const, content: 'Hello' }],
};

/** Headers that pass every check. */
export const HEADERS = { authorization: 'Bearer test', 'anthropic-version': '2026-10-21' };

export const MESSAGES = 'https://api.anthropic.com/v1/messages';

/** A request whose body is the params, `stream: true` included. */
export function ask(
  emulator: Pick<Emulator, 'fetch'>,
  params: object = {},
  init: RequestInit = {},
): Promise<Response> {
  const body = JSON.stringify({ ...PARAMS, stream: true, ...params });
  return emulator.fetch(MESSAGES, { method: 'POST', headers: HEADERS, body, ...init });
}

/** The events of a complete response; the name of each must be its type. */
export async function eventsIn(response: Response): Promise<RawMessageStreamEvent[]> {
  const decoder = new SseDecoder();
  decoder.push(new Uint8Array(await response.arrayBuffer()));
  const events: RawMessageStreamEvent[] = [];
  for (let sent = decoder.next(); sent !== undefined; sent = decoder.next()) {
    const event = JSON.parse(sent.data) as RawMessageStreamEvent;
    if (event.type !== sent.event) throw new Error(`a ${event.type} is named ${sent.event}`);
    events.push(event);
  }
  if (decoder.end() !== undefined) throw new Error('the last event has no end');
  return events;
}

/** The reason a promise rejects with. */
export function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => Promise.reject(new Error(`resolved with ${String(value)}`)),
    (error: unknown) => error,
  );
}
