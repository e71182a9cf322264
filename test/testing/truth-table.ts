import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EmulatorOptions } from '../../src/testing/index.js';

/** A request, and what the API answered to it. */
export interface Truth {
  readonly name: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
  readonly type: string | undefined;
  readonly message: string | undefined;
  readonly emulator: Partial<EmulatorOptions>;
}

/** A folder with `real-errors.jsonl` and `real-requests.jsonl`; undefined: the tests of them are skipped. */
export const TRUTH: string | undefined = process.env.MILLRACE_TRUTH;

const BASE = {
  model: 'claude-sonnet-4-5',
  max_tokens: 64,
  messages: [{ role: 'user', content: 'Hi' }],
};

const HEADERS = { 'x-api-key': 'test', 'anthropic-version': '2023-06-01' };

function readLines(file: string): unknown[] {
  const path = join(TRUTH ?? '', file);
  if (!existsSync(path)) throw new Error(`MILLRACE_TRUTH: there is no ${path}`);
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

interface QuotedError {
  name: string;
  request: string | (Record<string, unknown> & { $headers?: Record<string, string> });
  status: number;
  type: string | null;
  message: string | null;
  emulator?: Partial<EmulatorOptions>;
}

/** What a quote leaves out of its request: a row says in its name what JSON could not. */
const OMITTED: Readonly<Record<string, readonly string[]>> = {
  'messages missing': ['messages'],
  'max_tokens missing': ['max_tokens'],
  'no version header': ['anthropic-version'],
  'wrong token (Bearer)': ['x-api-key'],
  'wrong key (x-api-key)': [],
};

/** Requests too long to print. */
const LONG: Readonly<Record<string, object>> = {
  'prompt too long': { messages: [{ role: 'user', content: 'word '.repeat(240_000) }] },
  'image over 5 MB': {
    messages: [
      {
        role: 'user',
        content: [
          {
            type: 'image',
            source: {
              type: 'base64',
              media_type: 'image/png',
              data: 'A'.repeat(6 * 1024 * 1024),
            },
          },
        ],
      },
    ],
  },
};

/** The quoted errors, but those that a script asks for. */
export function readErrors(): Truth[] {
  return (readLines('real-errors.jsonl') as QuotedError[])
    .filter(({ request }) => typeof request === 'string' || !('$error' in request))
    .map(({ name, request, status, type, message, emulator = {} }) => {
      const given = typeof request === 'string' ? (LONG[name] ?? {}) : request;
      const { $headers, $body, ...params } = given as Record<string, unknown>;
      const without = (fields: object): object =>
        Object.fromEntries(
          Object.entries(fields).filter(([field]) => !OMITTED[name]?.includes(field)),
        );
      return {
        name,
        path: '/v1/messages',
        headers: without({ ...HEADERS, ...($headers as object) }) as Record<string, string>,
        body: String($body ?? JSON.stringify(without({ ...BASE, ...params }))),
        status,
        type: type ?? undefined,
        message: message ?? undefined,
        emulator,
      };
    });
}

interface RecordedRequest {
  source: string;
  path: string;
  headers: Record<string, string>;
  body: object;
  status: number;
  error?: { type: string; message: string };
}

/** The recorded requests, but those whose answer was a rate limit, which no emulator can know. */
export function readRequests(): Truth[] {
  return (readLines('real-requests.jsonl') as RecordedRequest[])
    .filter(({ status }) => status !== 429)
    .map(({ source, path, headers, body, status, error }, at) => ({
      name: `${at} ${source}`,
      path,
      headers: { ...HEADERS, ...headers },
      body: JSON.stringify(body),
      status,
      type: error?.type,
      message: error?.message,
      emulator: {},
    }));
}
