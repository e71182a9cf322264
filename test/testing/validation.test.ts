import { describe, expect, it, vi } from 'vitest';
import { createEmulator, reply } from '../../src/testing/index.js';
import { toSignature } from '../../src/testing/model/signature.js';
import { HEADERS, MESSAGES, PARAMS } from './ask.js';
import { ruleLog } from './rule-log.js';

vi.mock('../../src/testing/check/rules.js', async (original) =>
  (await import('./rule-log.js')).ruleLog.watched(await original()),
);

const OLD = 'claude-opus-4-5';
const USER = { role: 'user', content: 'Hello' };
const call = (id: string) => ({ type: 'tool_use', id, name: 'get_time', input: {} });
const result = (tool_use_id: string) => ({ type: 'tool_result', tool_use_id, content: '12:00' });
const text = (text: string) => ({ type: 'text', text });
const thought = (thinking: string, signature: string) => ({
  type: 'thinking',
  thinking,
  signature,
});
const TOOL = { name: 'get_time', input_schema: { type: 'object' } };
const assistant = (...content: object[]) => ({ role: 'assistant', content });
const user = (...content: object[]) => ({ role: 'user', content });
const after = (...turns: object[]) => ({ messages: [USER, ...turns] });
const enabled = (budget_tokens?: unknown) => ({ thinking: { type: 'enabled', budget_tokens } });
const FORCED = { tools: [TOOL], tool_choice: { type: 'any' } };

const STRING = 'Input should be a valid string';
const OBJECT = 'Input should be a valid dictionary';
const REQUIRED = 'Field required';

/** A block in a second turn. */
const block = (role: string, fields: object): object => after({ role, content: [fields] });

/** Fields of blocks, each with its problem. */
const BLOCKS: [role: string, block: object, field: string, problem: string][] = [
  ['user', { text: 'x' }, 'type', REQUIRED],
  ['user', { type: 4 }, 'type', STRING],
  ['user', { type: 'text' }, 'text', REQUIRED],
  ['user', { type: 'text', text: 4 }, 'text', STRING],
  ...['image', 'document'].flatMap((type): [string, object, string, string][] => [
    ['user', { type }, 'source', REQUIRED],
    ['user', { type, source: 'x' }, 'source', OBJECT],
    ['user', { type, source: {} }, 'source.type', REQUIRED],
  ]),
  ['assistant', { type: 'thinking', signature: 'x' }, 'thinking', REQUIRED],
  ['assistant', { type: 'thinking', thinking: 4, signature: 'x' }, 'thinking', STRING],
  ['assistant', { type: 'thinking', thinking: 'Hm.' }, 'signature', REQUIRED],
  ['assistant', { type: 'thinking', thinking: 'Hm.', signature: 4 }, 'signature', STRING],
  ['assistant', { type: 'redacted_thinking' }, 'data', REQUIRED],
  ['assistant', { type: 'redacted_thinking', data: 4 }, 'data', STRING],
  ...['tool_use', 'server_tool_use'].flatMap((type): [string, object, string, string][] => [
    ['assistant', { type, name: 'b', input: {} }, 'id', REQUIRED],
    ['assistant', { type, id: 4, name: 'b', input: {} }, 'id', STRING],
    ['assistant', { type, id: 'a', input: {} }, 'name', REQUIRED],
    ['assistant', { type, id: 'a', name: 4, input: {} }, 'name', STRING],
    ['assistant', { type, id: 'a', name: 'b' }, 'input', REQUIRED],
    ['assistant', { type, id: 'a', name: 'b', input: '{}' }, 'input', OBJECT],
  ]),
  ['user', { type: 'tool_result' }, 'tool_use_id', REQUIRED],
  ['user', { type: 'tool_result', tool_use_id: 4 }, 'tool_use_id', STRING],
  ['user', { ...result('a'), content: 4 }, 'content', 'Input should be a valid string or list'],
  ['user', { ...result('a'), is_error: 'no' }, 'is_error', 'Input should be a valid boolean'],
];

/** Params that differ from valid ones, and the message that rejects them with status 400. */
const REFUSED: [params: object, message: string][] = [
  ...BLOCKS.map(([role, fields, field, problem]): [object, string] => [
    block(role, fields),
    `messages.1.content.0.${field}: ${problem}`,
  ]),
  [{ model: undefined }, 'model: Field required'],
  [{ model: 4 }, `model: ${STRING}`],
  [{ max_tokens: undefined }, 'max_tokens: Field required'],
  ...['1024', 10.5, null, true].map((max_tokens): [object, string] => [
    { max_tokens },
    'max_tokens: Input should be a valid integer',
  ]),
  [{ stream: 'yes' }, 'stream: Input should be a valid boolean'],
  [{ system: 4 }, 'system: Input should be a valid string or list'],
  [{ metadata: 'me' }, `metadata: ${OBJECT}`],
  [{ messages: undefined }, 'messages: Field required'],
  [{ messages: 'Hi' }, 'messages: Input should be a valid list'],
  [{ messages: [] }, 'messages: at least one message is required'],
  [{ messages: ['Hi'] }, `messages.0: ${OBJECT}`],
  [{ messages: [{ content: '' }] }, 'messages.0.role: Field required'],
  [
    after({ role: 'tool', content: '' }),
    "messages.1.role: Input should be 'user', 'assistant' or 'system'",
  ],
  [{ messages: [{ role: 'user' }] }, 'messages.0.content: Field required'],
  [
    { messages: [{ role: 'user', content: 4 }] },
    'messages.0.content: Input should be a valid string or list',
  ],
  [{ messages: [{ role: 'user', content: ['Hi'] }] }, `messages.0.content.0: ${OBJECT}`],
  [{ thinking: 'yes' }, `thinking: ${OBJECT}`],
  [{ thinking: {} }, 'thinking.type: Field required'],
  [{ tools: {} }, 'tools: Input should be a valid list'],
  [{ tools: [{ type: 4 }] }, `tools.0.type: ${STRING}`],
  [{ tools: [{ ...TOOL, name: 4 }] }, `tools.0.custom.name: ${STRING}`],
  [{ tools: [{ ...TOOL, description: 4 }] }, `tools.0.custom.description: ${STRING}`],
  [{ tools: [{ ...TOOL, input_schema: 'x' }] }, `tools.0.custom.input_schema: ${OBJECT}`],
  [
    { tools: [{ ...TOOL, input_schema: { type: 4 } }] },
    `tools.0.custom.input_schema.type: ${STRING}`,
  ],
  [{ tools: [TOOL], tool_choice: 'any' }, `tool_choice: ${OBJECT}`],
  [{ tools: [TOOL], tool_choice: {} }, 'tool_choice.type: Field required'],
  [{ tools: [TOOL], tool_choice: { type: 'tool', name: 4 } }, `tool_choice.name: ${STRING}`],
  [{ max_tokens: -1 }, 'max_tokens: Input should be greater than or equal to 0'],
  [{ temperature: 1.5 }, 'temperature: Input should be less than or equal to 1'],
  [{ temperature: -0.1 }, 'temperature: Input should be greater than or equal to 0'],
  [{ temperature: 'hot' }, 'temperature: Input should be a valid number'],
  [{ top_p: 'x' }, 'top_p: Input should be a valid number'],
  [{ top_p: 2 }, 'top_p: Input should be less than or equal to 1'],
  [{ top_k: -1 }, 'top_k: Input should be greater than or equal to 0'],
  [{ top_k: 0.5 }, 'top_k: Input should be a valid integer'],
  [{ stop_sequences: 'x' }, 'stop_sequences: Input should be a valid list'],
  [{ stop_sequences: [4] }, 'stop_sequences.0: Input should be a valid string'],
  [
    { stop_sequences: ['x', ' \n'] },
    'stop_sequences.1: each stop sequence must contain non-whitespace',
  ],
  [{ metadata: { user_id: 4 } }, 'metadata.user_id: Input should be a valid string'],
  [{ messages: [assistant(text('Hi'))] }, 'messages: first message must use the "user" role'],
  [
    { messages: [{ role: 'user', content: '' }] },
    'messages.0: all messages must have non-empty content except for the optional final assistant message',
  ],
  [
    after({ role: 'assistant', content: [] }, USER),
    'messages.1: all messages must have non-empty content except for the optional final assistant message',
  ],
  [after(user(text(''))), 'messages: text content blocks must be non-empty'],
  [
    after(assistant(call('a'), call('b')), USER),
    'messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: a, b. Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
  ],
  [
    after(assistant(call('a'), call('b')), user(result('b'))),
    'messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: a. Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
  ],
  [
    after(user(result('x'))),
    'messages.1.content.0: unexpected `tool_use_id` found in `tool_result` blocks: x. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.',
  ],
  [
    after(assistant(call('a')), user(result('a'), result('a'))),
    'messages.2.content.1: each tool_use must have a single result. Found multiple `tool_result` blocks with id: a',
  ],
  [
    after(assistant(call('a')), user(result('a')), assistant(call('a')), user(result('a'))),
    'messages.3.content.0: `tool_use` ids must be unique',
  ],
  [
    after(user(call('a'))),
    'messages.1.content.0: `tool_use` blocks can only be in `assistant` messages',
  ],
  [
    after(assistant(result('a')), USER),
    'messages.1.content.0: `tool_result` blocks can only be in `user` messages',
  ],
  [
    after(assistant(thought('Hm.', '')), USER),
    'messages.1.content.0: Invalid `signature` in `thinking` block',
  ],
  [
    after(assistant(thought('Hm!', toSignature('Hm.'))), USER),
    'messages.1.content.0: Invalid `signature` in `thinking` block',
  ],
  [
    after(assistant(thought('Hm.', toSignature('Hm.').slice(0, -1))), USER),
    'messages.1.content.0: Invalid `signature` in `thinking` block',
  ],
  ...['claude-opus-4-8', 'claude-fable-5', 'claude-sonnet-4-6', 'claude-haiku-5-20261001'].map(
    (model): [object, string] => [
      { model, ...after(assistant(text('Once'))) },
      'This model does not support assistant message prefill. The conversation must end with a user message.',
    ],
  ),
  [
    { model: OLD, ...after(assistant(text('Once '))) },
    'messages: final assistant content cannot end with trailing whitespace',
  ],
  [
    { model: OLD, max_tokens: 4096, ...enabled(1024), ...after(assistant(text('Once'))) },
    'messages: Prefilling assistant responses is not supported when thinking is enabled.',
  ],
  [
    { thinking: { type: 'deep' } },
    "thinking.type: Input should be 'adaptive', 'enabled', 'between_tools' or 'disabled'",
  ],
  [enabled(), 'thinking.enabled.budget_tokens: Field required'],
  [enabled('1'), 'thinking.enabled.budget_tokens: Input should be a valid integer'],
  [enabled(1000), 'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024'],
  [
    { max_tokens: 2048, ...enabled(2048) },
    '`max_tokens` must be greater than `thinking.budget_tokens`.',
  ],
  [
    { max_tokens: 4096, temperature: 0.5, ...enabled(1024) },
    '`temperature` may only be set to 1 when thinking is enabled.',
  ],
  [
    { thinking: { type: 'adaptive' }, ...FORCED },
    'Thinking may not be enabled when tool_choice forces tool use.',
  ],
  [{ tools: [4] }, 'tools.0.custom: Input should be a valid dictionary'],
  [{ tools: [{ name: 'a' }] }, 'tools.0.custom.input_schema: Field required'],
  [{ tools: [TOOL, { input_schema: {} }] }, 'tools.1.custom.name: Field required'],
  [
    { tools: [{ ...TOOL, name: 'get time' }] },
    "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
  ],
  [{ tools: [{ ...TOOL, input_schema: {} }] }, 'tools.0.custom.input_schema.type: Field required'],
  [
    { tools: [{ ...TOOL, input_schema: { type: 'string' } }] },
    "tools.0.custom.input_schema.type: Input should be 'object'",
  ],
  [{ tools: [TOOL, TOOL] }, 'tools: Tool names must be unique.'],
  [
    { tool_choice: { type: 'auto' } },
    'tool_choice: `tool_choice` may only be specified while providing `tools`.',
  ],
  [
    { tools: [TOOL], tool_choice: { type: 'must' } },
    "tool_choice.type: Input should be 'auto', 'any', 'tool' or 'none'",
  ],
  [{ tools: [TOOL], tool_choice: { type: 'tool' } }, 'tool_choice.name: Field required'],
  [
    { tools: [TOOL], tool_choice: { type: 'tool', name: 'x' } },
    "tool_choice: Tool 'x' not found in provided tools",
  ],
];

const post = (params: object, { url = MESSAGES, models }: Post = {}): Promise<Response> =>
  createEmulator({ replies: [reply.text('Hello')], models }).fetch(url, {
    method: 'POST',
    headers: HEADERS,
    body: JSON.stringify({ ...PARAMS, ...params }),
  });

interface Post {
  url?: string;
  models?: string[];
}

describe.each([MESSAGES, `${MESSAGES}/count_tokens`])('%s', (url) => {
  const cases = REFUSED.filter(([params]) => url === MESSAGES || !('max_tokens' in params));
  it.each(cases)('rejects %j', async (params, message) => {
    const response = await post(params, { url });
    expect([response.status, await response.json()]).toEqual([
      400,
      {
        type: 'error',
        error: { type: 'invalid_request_error', message },
        request_id: response.headers.get('request-id'),
      },
    ]);
  });
});

it('has a case for every rule: each of them rejected something', () => {
  expect(ruleLog.idle()).toEqual([]);
});

it('rejects a body that is too large, and an unknown model', async () => {
  for (const system of ['x'.repeat(32 * 1024 * 1024), 'ü'.repeat(16 * 1024 * 1024)]) {
    const large = await post({ system });
    expect([large.status, (await large.json()).error]).toEqual([
      413,
      { type: 'request_too_large', message: 'Request exceeds the maximum size' },
    ]);
  }
  expect((await post({ system: 'x'.repeat(31 * 1024 * 1024) })).status).toBe(200);
  const other = await post({}, { models: ['claude-haiku-4-5'] });
  expect([other.status, (await other.json()).error]).toEqual([
    404,
    { type: 'not_found_error', message: 'model: claude-opus-4-8' },
  ]);
});

const PASSES: object[] = [
  { temperature: 0, top_p: 1, top_k: 5, stop_sequences: ['x'] },
  { model: OLD, ...after(assistant(text('Once'))) },
  { model: OLD, ...after({ role: 'assistant', content: '' }) },
  after(USER, USER, assistant(text('Hi')), assistant(text('there')), USER),
  after(assistant(call('a')), assistant(call('b')), user(result('a')), user(result('b'))),
  after(assistant(call('a')), user(result('a'), text('and?'))),
  after(assistant(thought('Hm.', toSignature('Hm.'))), USER),
  after(assistant(thought('', toSignature('Hm.'))), USER),
  after(assistant(thought('Hm.', 'a-real-one')), USER),
  after(user({ type: 'brand_new', data: 1 })),
  { max_tokens: 2049, ...enabled(2048) },
  { thinking: { type: 'adaptive' }, temperature: 0.5 },
  {
    tools: [TOOL, { type: 'web_search_20260318', name: 'web_search' }],
    tool_choice: { type: 'any' },
  },
  { tool_choice: { type: 'none' } },
];

it.each(PASSES)('accepts %j', async (params) => {
  expect((await post(params)).status).toBe(200);
});
