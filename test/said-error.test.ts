import { expect, it } from 'vitest';
import { type SaidError, saidError } from '../src/said-error.js';

const WHY = { message: 'why' };

const NAMES: readonly [name: string, status: number][] = [
  ['rate_limit_exceeded', 429],
  ['RESOURCE_EXHAUSTED', 429],
  ['server_error', 500],
  ['internal_server_error', 500],
  ['INTERNAL', 500],
  ['service_unavailable', 503],
  ['UNAVAILABLE', 503],
];

it.each<[body: unknown, said: SaidError]>([
  [{ error: { type: 'api_error', message: 'why' } }, { type: 'api_error', ...WHY }],
  [{ error: { type: 'api_error' } }, { type: 'api_error', message: 'api_error' }],
  [
    { type: 'api_error', message: 'why' },
    { type: 'api_error', ...WHY },
  ],
  [{ error: { code: 'quota', message: 'why' } }, { type: 'quota', ...WHY }],
  [{ error: { status: 'ABORTED', message: 'why' } }, { type: 'ABORTED', ...WHY }],
  [{ error: { type: 'a', code: 'b', status: 'c', message: 'why' } }, { type: 'a', ...WHY }],
  [{ error: { type: 'None', code: 'b', message: 'why' } }, { type: 'b', ...WHY }],
  [{ error: { type: 'error', message: 'why' } }, WHY],
  [{ error: { type: 'two words', message: 'why' } }, WHY],
  // Objects that have no text.
  [
    { error: { code: { toString: 1 }, status: { valueOf: null, toString: 'x' }, message: 'why' } },
    WHY,
  ],
  [{ error: { code: [['x']], message: 'why' } }, WHY],
  [{ error: { msg: 'why' } }, WHY],
  [{ error: { detail: 'why' } }, WHY],
  [{ error: { detail: [{ loc: ['body'] }] } }, { message: '[{"loc":["body"]}]' }],
  [
    { error: { type: 'x' }, message: 'why' },
    { type: 'x', ...WHY },
  ],
  [{ error: { error: { type: 'x', message: 'why' } } }, { type: 'x', ...WHY }],
  [[{ error: { message: 'why' } }], WHY],
  [{ error: 'why' }, WHY],
  [{ errors: [{ message: 'why' }] }, WHY],
  [{ errors: ['why'] }, WHY],
  [{ errors: [], detail: 'why' }, WHY],
  [{ detail: 'why' }, WHY],
  [{ detail: [{ msg: 'why' }] }, { message: '[{"msg":"why"}]' }],
  [{ message: 'why' }, WHY],
  [{ msg: 'why', code: 7 }, WHY],
  // Where its status can be.
  [
    { error: WHY, status: 503 },
    { ...WHY, status: 503 },
  ],
  [{ error: { ...WHY, status_code: '503' } }, { ...WHY, status: 503 }],
  [{ error: { ...WHY, code: 503 } }, { ...WHY, status: 503 }],
  [{ error: { ...WHY, status: 503 } }, { ...WHY, status: 503 }],
  [
    { error: WHY, code: 503 },
    { ...WHY, status: 503 },
  ],
  [{ error: { ...WHY, code: 200, status: 503 } }, { ...WHY, status: 503 }],
  [{ error: { ...WHY, code: 503.5 } }, WHY],
  [{ error: { ...WHY, code: 299 } }, WHY],
  [{ error: { ...WHY, code: 300 } }, { ...WHY, status: 300 }],
  [{ error: { ...WHY, code: 599 } }, { ...WHY, status: 599 }],
  [{ error: { ...WHY, code: 600 } }, WHY],
  ...NAMES.map(([name, status]): [unknown, SaidError] => [
    { error: { ...WHY, type: name } },
    { type: name, ...WHY, status },
  ]),
])('%j says %j', (body, said) => {
  expect(saidError(body)).toEqual({ type: undefined, status: undefined, ...said });
});

it.each([null, 'why', 7, {}, [], { errors: [] }, { detail: null }, { message: 7 }, { error: {} }])(
  '%j says nothing of an error',
  (body) => expect(saidError(body)).toBeUndefined(),
);
