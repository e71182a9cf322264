import { request } from 'node:http';
import { HEADERS, PARAMS } from './ask.js';

/** What a client received: the bytes as latin1, and how the response ended. */
export interface Taken {
  status: number;
  headers: Record<string, unknown>;
  body: string;
  end: 'complete' | 'reset' | 'hang' | 'no response';
}

const BODY = JSON.stringify({ ...PARAMS, stream: true });
const NOTHING = { status: 0, headers: {}, body: '' };

/** Resolves when everything that was sent has arrived. */
export const settled = async (): Promise<undefined> => {
  for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
  return undefined;
};

/** Reads a response through a fetch. @param length how much of the body to wait for before a hang. */
export async function byFetch(
  ask: (url: string, init: RequestInit) => Promise<Response>,
  length: number,
): Promise<Taken> {
  const pending = ask('http://emulator/v1/messages', {
    method: 'POST',
    headers: HEADERS,
    body: BODY,
  });
  const response = await Promise.race([pending.catch((error: Error) => error), settled()]);
  if (response === undefined) return { ...NOTHING, end: 'hang' };
  if (response instanceof Error) {
    const { code } = response.cause as { code: string };
    return { ...NOTHING, body: code, end: 'no response' };
  }
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const head = { status: response.status, headers: Object.fromEntries(response.headers) };
  let body = '';
  for (;;) {
    const read = reader.read().catch(() => 'reset' as const);
    const taken = await (body.length < length ? read : Promise.race([read, settled()]));
    if (taken === undefined) {
      await reader.cancel();
      return { ...head, body, end: 'hang' };
    }
    if (taken === 'reset') return { ...head, body, end: 'reset' };
    if (taken.done) return { ...head, body, end: 'complete' };
    body += Buffer.from(taken.value).toString('latin1');
  }
}

/** Reads a response from a socket, without decoding it. */
export function bySocket(url: string, length: number): Promise<Taken> {
  return new Promise((resolve) => {
    const sent = request(`${url}/v1/messages`, { method: 'POST', headers: HEADERS, agent: false });
    let taken: Taken = { ...NOTHING, end: 'no response' };
    const end = (how: Taken['end']): void => {
      resolve({ ...taken, end: how });
      sent.destroy();
    };
    const quiet = (): void => {
      if (taken.body.length >= length) void settled().then(() => end('hang'));
    };
    sent.on('error', (error: NodeJS.ErrnoException) => {
      resolve({ ...taken, body: error.code ?? '', end: 'no response' });
    });
    sent.on('response', (response) => {
      taken = { ...taken, status: response.statusCode ?? 0, headers: response.headers };
      response.setEncoding('latin1');
      response.on('data', (text: string) => {
        taken.body += text;
        quiet();
      });
      response.on('end', () => end('complete'));
      response.on('error', () => end('reset'));
      quiet();
    });
    sent.end(BODY);
  });
}
