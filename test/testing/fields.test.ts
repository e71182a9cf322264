import { describe, expect, it } from 'vitest';
import { createEmulator, reply } from '../../src/testing/index.js';
import { HEADERS, MESSAGES, PARAMS } from './ask.js';
import {
  ASSISTANT_BLOCKS,
  BETAS,
  PARAM_VALUES,
  RESULT,
  SYSTEM_BLOCKS,
  TOOLS,
  USER_BLOCKS,
} from './valid-parts.js';

const USER = { role: 'user', content: 'Hello' };
const END = { type: 'text', text: 'a' };
const CALL = { type: 'tool_use', id: 'a', name: 'a', input: {} };

/** What a valid part is put into, to be a request. */
const PLACES: [what: string, parts: readonly object[], toParams: (part: unknown) => object][] = [
  ['user blocks', USER_BLOCKS, (block) => ({ messages: [{ role: 'user', content: [block] }] })],
  [
    'assistant blocks',
    ASSISTANT_BLOCKS,
    (block) => {
      const answer = { type: 'tool_result', tool_use_id: 'a' };
      const next = (block as { type?: string })?.type === 'tool_use' ? [answer] : [END];
      return {
        messages: [
          USER,
          { role: 'assistant', content: [block, END] },
          { role: 'user', content: next },
        ],
      };
    },
  ],
  [
    'tool results',
    [RESULT],
    (block) => ({
      messages: [USER, { role: 'assistant', content: [CALL] }, { role: 'user', content: [block] }],
    }),
  ],
  [
    'system blocks',
    SYSTEM_BLOCKS,
    (block) => ({ messages: [USER, { role: 'system', content: [block] }] }),
  ],
  [
    'turns',
    [
      { role: 'user', content: [END] },
      {
        role: 'system',
        content: [END],
        clear_at: 'never',
        output_config: { effort: 'low' },
      },
    ],
    (turn) => ({ messages: [USER, turn] }),
  ],
  ['tools', TOOLS, (tool) => ({ tools: [tool] })],
  ['params', PARAM_VALUES, (params) => params as object],
];

type Path = readonly (string | number)[];

/** Every place in a value where something can be wrong, but the fields `type`, which decide what the others are. */
function* walk(value: unknown, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key !== 'type') yield* walk(inner, [...path, key]);
  }
}

function withValue(whole: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const changed = (Array.isArray(whole) ? [...whole] : { ...(whole as object) }) as Record<
    string | number,
    unknown
  >;
  changed[key] = withValue(changed[key], rest, value);
  return changed;
}

const at = (whole: unknown, path: Path): unknown =>
  path.reduce((value, key) => (value as Record<string | number, unknown>)[key], whole);

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** What may be anything. */
const FREE = new Set(['keep', 'clear_tool_inputs', 'trigger', 'definition', 'input_schema']);

async function send(params: object): Promise<[status: number, message: string]> {
  const { fetch } = createEmulator({ replies: [reply.text('Hello')] });
  const response = await fetch(MESSAGES, {
    method: 'POST',
    headers: { ...HEADERS, 'anthropic-beta': BETAS.join(',') },
    body: JSON.stringify({ ...PARAMS, ...params }),
  });
  return [response.status, response.status === 200 ? '' : (await response.json()).error.message];
}

describe.each(PLACES)('%s', (_, parts, toParams) => {
  it.each(parts.map((part) => [JSON.stringify(part).slice(0, 80), part] as const))(
    'accepts all fields of %s, and none that is wrong or unknown',
    async (_name, part) => {
      expect(await send(toParams(part))).toEqual([200, '']);
      for (const path of walk(part)) {
        const key = path.at(-1) as string;
        if (path.some((key) => FREE.has(key as string))) continue;
        const wrong = isObject(at(part, path)) ? 4 : { wrong: true };
        const [status, message] = await send(toParams(withValue(part, path, wrong)));
        expect([path, status]).toEqual([path, 400]);
        expect(message).toContain(Number.isNaN(Number(key)) ? key : 'nput');
      }
    },
  );

  it.each(parts.map((part) => [JSON.stringify(part).slice(0, 80), part] as const))(
    'accepts no more fields in %s',
    async (_name, part) => {
      const [status, message] = await send(toParams({ ...part, surplus: 1 }));
      expect([status, message]).toEqual([400, expect.stringMatching(/surplus: Extra inputs/)]);
    },
  );
});
