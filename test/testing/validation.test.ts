import { describe, expect, it } from 'vitest';
import { BLOCKS as BLOCK_RULES } from '../../src/testing/check/blocks.js';
import { createEmulator, reply } from '../../src/testing/index.js';
import { toSignature } from '../../src/testing/model/signature.js';
import { HEADERS, MESSAGES, PARAMS } from './ask.js';

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
const ANY = { tool_choice: { type: 'any' } };
const FORCED = { tools: [TOOL], ...ANY };
const SEARCH = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} };
const FOUND = { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] };

/** In the form of a signature of the API: base64 of one field, its length and as many bytes. */
const REAL = btoa(`\x12\x60${'x'.repeat(96)}`);

const image = (source: object): object => ({ type: 'image', source });
const base64 = (data: string, media_type = 'image/png'): object =>
  image({ type: 'base64', media_type, data });
const cached = (...ttls: ('5m' | '1h')[]): object => ({
  messages: [
    user(...ttls.map((ttl) => ({ ...text('x'), cache_control: { type: 'ephemeral', ttl } }))),
  ],
});
const schema = (schema: object): object => ({
  output_config: { format: { type: 'json_schema', schema } },
});
const CLOSED = { type: 'object', additionalProperties: false };
const properties = (one: object): object => schema({ ...CLOSED, properties: { one } });

const STRING = 'Input should be a valid string';
const OBJECT = 'Input should be a valid dictionary';
const REQUIRED = 'Field required';
const DOCS =
  'Please consult our documentation at https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking';

/** A block in a second turn. */
const block = (role: string, fields: object): object => after({ role, content: [fields] });

/** The type of a block is in the path of what is wrong inside it. */
const toTag = ({ type }: { type?: unknown }): string =>
  typeof type === 'string' ? `${type}.` : '';

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
    ['assistant', { type, id: 'srvtoolu_a', input: {} }, 'name', REQUIRED],
    ['assistant', { type, id: 'srvtoolu_a', name: 4, input: {} }, 'name', STRING],
    ['assistant', { type, id: 'srvtoolu_a', name: 'b' }, 'input', REQUIRED],
    ['assistant', { type, id: 'srvtoolu_a', name: 'b', input: '{}' }, 'input', OBJECT],
  ]),
  ['user', { type: 'tool_result' }, 'tool_use_id', REQUIRED],
  ['user', { type: 'tool_result', tool_use_id: 4 }, 'tool_use_id', STRING],
  ['user', { ...result('a'), content: 4 }, 'content', 'Input should be a valid array'],
  ['user', { ...result('a'), is_error: 'no' }, 'is_error', 'Input should be a valid boolean'],
];

/** Params that differ from valid ones, and the message that rejects them with status 400. */
const REFUSED: [params: object, message: string][] = [
  ...BLOCKS.map(([role, fields, field, problem]): [object, string] => [
    block(role, fields),
    `messages.1.content.0.${toTag(fields)}${field}: ${problem}`,
  ]),
  [{ model: undefined }, 'model: Field required'],
  [{ model: 4 }, `model: ${STRING}`],
  [{ max_tokens: undefined }, 'max_tokens: Field required'],
  ...['1024', 10.5, null, true].map((max_tokens): [object, string] => [
    { max_tokens },
    'max_tokens: Input should be a valid integer',
  ]),
  [{ stream: 'yes' }, 'stream: Input should be a valid boolean'],
  [{ system: 4 }, 'system: Input should be a valid array'],
  [{ metadata: 'me' }, `metadata: ${OBJECT}`],
  [{ messages: undefined }, 'messages: Field required'],
  [{ messages: 'Hi' }, 'messages: Input should be a valid array'],
  [{ messages: [] }, 'messages: at least one message is required'],
  [{ messages: ['Hi'] }, `messages.0: ${OBJECT}`],
  [{ messages: [{ content: '' }] }, 'messages.0.role: Field required'],
  [after({ role: 'tool', content: '' }), "messages.1.role: Input should be 'user' or 'assistant'"],
  [{ messages: [{ role: 'user' }] }, 'messages.0.content: Field required'],
  [
    { messages: [{ role: 'user', content: 4 }] },
    'messages.0.content: Input should be a valid array',
  ],
  [{ messages: [{ role: 'user', content: ['Hi'] }] }, `messages.0.content.0: ${OBJECT}`],
  [{ thinking: 'yes' }, `thinking: ${OBJECT}`],
  [{ thinking: {} }, 'thinking.type: Field required'],
  [{ tools: {} }, 'tools: Input should be a valid array'],
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
  [{ tools: [TOOL], tool_choice: { type: 'tool', name: 4 } }, `tool_choice.tool.name: ${STRING}`],
  [{ max_tokens: -1 }, 'max_tokens: Input should be greater than or equal to 0'],
  [{ temperature: 1.5 }, 'temperature: Input should be less than or equal to 1'],
  [{ temperature: -0.1 }, 'temperature: Input should be greater than or equal to 0'],
  [{ temperature: 'hot' }, 'temperature: Input should be a valid number'],
  [{ top_p: 'x' }, 'top_p: Input should be a valid number'],
  [{ top_p: 2 }, 'top_p: Input should be less than or equal to 1'],
  [{ top_k: -1 }, 'top_k: Input should be greater than or equal to 0'],
  [{ top_k: 0.5 }, 'top_k: Input should be a valid integer'],
  [{ stop_sequences: 'x' }, 'stop_sequences: Input should be a valid array'],
  [{ stop_sequences: [4] }, 'stop_sequences.0: Input should be a valid string'],
  [
    { stop_sequences: ['x', ' \n'] },
    'stop_sequences: each stop sequence must contain non-whitespace',
  ],
  [{ metadata: { user_id: 4 } }, 'metadata.user_id: Input should be a valid string'],
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
    'messages.0.content.1: unexpected `tool_use_id` found in `tool_result` blocks: x. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.',
  ],
  [
    after(assistant(call('a')), user(result('a'), result('a'))),
    'messages.2.content.1: each tool_use must have a single result. Found multiple `tool_result` blocks with id: a',
  ],
  [
    after(assistant(call('a'), call('a')), user(result('a'))),
    'messages.1.content.1: `tool_use` ids must be unique',
  ],
  [
    after(user(call('a'))),
    'messages.0.content.1: `tool_use` blocks can only be in `assistant` messages',
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
    "thinking: Input tag 'deep' found using 'type' does not match any of the expected tags: 'adaptive', 'between_tools', 'disabled', 'enabled'",
  ],
  [enabled(), 'thinking.enabled.budget_tokens: Field required'],
  [enabled('1'), 'thinking.enabled.budget_tokens: Input should be a valid integer'],
  [enabled(1000), 'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024'],
  [
    { model: OLD, max_tokens: 2048, ...enabled(2048) },
    `\`max_tokens\` must be greater than \`thinking.budget_tokens\`. ${DOCS}#max-tokens-and-context-window-size`,
  ],
  [
    { model: OLD, max_tokens: 4096, temperature: 0.5, ...enabled(1024) },
    `\`temperature\` may only be set to 1 when thinking is enabled. ${DOCS}#important-considerations-when-using-extended-thinking`,
  ],
  [
    { model: OLD, max_tokens: 4096, ...enabled(1024), ...FORCED },
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
    "tool_choice: Input tag 'must' found using 'type' does not match any of the expected tags: 'auto', 'any', 'tool', 'none'",
  ],
  [{ tools: [TOOL], tool_choice: { type: 'tool' } }, 'tool_choice.tool.name: Field required'],
  [
    { tools: [TOOL], tool_choice: { type: 'tool', name: 'x' } },
    "tool_choice: Tool 'x' not found in provided tools",
  ],
];

/** What depends on the model, or on several params. */
const TOGETHER: [params: object, message: string][] = [
  ...['temperature', 'top_p', 'top_k'].map((name): [object, string] => [
    { [name]: name === 'top_k' ? 5 : 0.5 },
    `\`${name}\` is deprecated for this model.`,
  ]),
  [{ model: 'claude-opus-9', temperature: 0 }, '`temperature` is deprecated for this model.'],
  [
    { model: OLD, temperature: 0.5, top_p: 0.5 },
    '`temperature` and `top_p` cannot both be specified for this model. Please use only one.',
  ],
  ...['enabled', 'between_tools'].map((type): [object, string] => [
    { max_tokens: 4096, thinking: { type, ...(type === 'enabled' && { budget_tokens: 1024 }) } },
    `"thinking.type.${type}" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.`,
  ]),
  [
    { model: 'claude-opus-5-5', thinking: { type: 'disabled' } },
    '"thinking.type.disabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
  ],
  [
    { model: OLD, thinking: { type: 'adaptive' } },
    'adaptive thinking is not supported on this model',
  ],
  [
    { model: 'claude-3-5-haiku-latest', max_tokens: 2048, ...enabled(1024) },
    '"thinking.type.enabled" is not supported for this model.',
  ],
  [
    { model: OLD, max_tokens: 2048, top_p: 0.5, ...enabled(1024) },
    `\`top_p\` must be greater than or equal to 0.95 or unset when thinking is enabled. ${DOCS}#important-considerations-when-using-extended-thinking`,
  ],
  [
    { model: OLD, max_tokens: 2048, top_k: 5, ...enabled(1024) },
    `\`top_k\` must be unset when thinking is enabled. ${DOCS}#important-considerations-when-using-extended-thinking`,
  ],
  [
    { model: 'claude-sonnet-4-5', max_tokens: 128_000 },
    'max_tokens: 128000 > 64000, which is the maximum allowed number of output tokens for claude-sonnet-4-5-20250929',
  ],
  [
    { max_tokens: 9_999_999 },
    'max_tokens: 9999999 > 128000, which is the maximum allowed number of output tokens for claude-opus-4-8',
  ],
  [
    { model: 'claude-opus-4-6', output_config: { effort: 'xhigh' } },
    "This model does not support effort level 'xhigh'. Supported levels: high, low, max, medium.",
  ],
  [
    { model: 'claude-haiku-4-5', output_config: { effort: 'low' } },
    'This model does not support the effort parameter.',
  ],
  [
    { output_config: { effort: 'huge' } },
    "output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'",
  ],
  [
    { model: OLD, ...after({ role: 'system', content: 'Be brief.' }) },
    'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.',
  ],
  [
    {
      model: OLD,
      max_tokens: 2048,
      ...enabled(1024),
      ...after(assistant(call('a')), user(result('a'))),
    },
    'messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and `tool_result` blocks). We recommend you include thinking blocks from previous turns. To avoid this requirement, disable `thinking`. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking',
  ],
  [
    after(assistant(text('x'), thought('Hm.', toSignature('Hm.'))), USER),
    'messages.1: The final block in an assistant message cannot be `thinking`.',
  ],
  [
    after(assistant(thought('Hm.', 'bogus'), text('x')), USER),
    'messages.1.content.0: Invalid `signature` in `thinking` block',
  ],
  [
    cached('5m', '5m', '5m', '5m', '5m'),
    'A maximum of 4 blocks with cache_control may be provided. Found 5.',
  ],
  [
    cached('5m', '1h'),
    "messages.0.content.1.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: `tools`, `system`, `messages`.",
  ],
  [
    { messages: [user({ ...text('x'), cache_control: { type: 'ephemeral', scope: 'x' } })] },
    'messages.0.content.0.text.cache_control.ephemeral.scope: Extra inputs are not permitted',
  ],
  [
    { messages: [user({ ...text(''), cache_control: { type: 'ephemeral' } })] },
    'messages.0.content.0.text: cache_control cannot be set for empty text blocks',
  ],
  [{ foo: 1 }, 'foo: Extra inputs are not permitted'],
  [{ context_management: { edits: [] } }, 'context_management: Extra inputs are not permitted'],
  [{ mcp_servers: [] }, 'mcp_servers: Extra inputs are not permitted'],
  [{ system: null }, 'system: Input should be a valid array'],
  [
    after(assistant(call('a')), user(text('Here:'), result('a'))),
    'messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: a. Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
  ],
  [{ model: '' }, 'model: String should have at least 1 character'],
  [{ system: [text('')] }, 'system: text content blocks must be non-empty'],
  [
    { messages: [{ role: 'user', content: ' \n' }] },
    'messages: text content blocks must contain non-whitespace text',
  ],
  [after(user(text(' '))), 'messages: text content blocks must contain non-whitespace text'],
  [
    after(assistant(text(' ')), USER),
    'messages: text content blocks must contain non-whitespace text',
  ],
  [
    after(assistant({ ...call('Bash:12') }), user(result('Bash:12'))),
    "messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'",
  ],
  [
    { messages: [user({ type: 'image_url', image_url: { url: 'x' } })] },
    `messages.0.content.0: Input tag 'image_url' found using 'type' does not match any of the expected tags: ${Object.keys(
      BLOCK_RULES,
    )
      .map((tag) => `'${tag}'`)
      .join(', ')}`,
  ],
  [
    { messages: [user(base64('AAAA', 'image/tiff'))] },
    "messages.0.content.0.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'",
  ],
  [
    { messages: [user(base64(''))] },
    'messages.0.content.0.image.source.base64: image cannot be empty',
  ],
  [
    { messages: [user(base64('?'))] },
    'messages.0.content.0.image.source.base64: invalid base64 data',
  ],
  [
    { messages: [user(base64('R0lGODlh'))] },
    'messages.0.content.0.image.source.base64.data: Image does not match the provided media type image/png',
  ],
  [
    { messages: [user(base64('A'.repeat(5 * 1024 * 1024 + 4)))] },
    'messages.0.content.0.image.source.base64: image exceeds 5 MB maximum: 5242884 bytes > 5242880 bytes',
  ],
  ...(['', '?'] as const).map((data): [object, string] => [
    {
      messages: [
        user({ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data } }),
      ],
    },
    `messages.0.content.0.document.source.base64: ${data === '' ? 'PDF cannot be empty' : 'invalid base64 data'}`,
  ]),
  [
    after(assistant(base64('AAAA')), USER),
    'messages.1.content.0: `image` blocks are not permitted in assistant turns',
  ],
  [
    { tools: [{ ...TOOL, input_schema: { type: 'object', anyOf: [{}] } }] },
    'tools.0.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level',
  ],
  [{ tools: [{ ...TOOL, foo: 1 }] }, 'tools.0.custom.foo: Extra inputs are not permitted'],
  [
    { tools: [{ ...TOOL, strict: true }] },
    "tools.0.custom: For 'object' type, 'additionalProperties' must be explicitly set to false",
  ],
  [
    schema({ type: 'object' }),
    "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false",
  ],
  [
    properties({ type: 'array', items: { type: 'object' } }),
    "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false",
  ],
  [
    properties({ type: 'number', minimum: 0, maximum: 1 }),
    "output_config.format.schema: For 'number' type, properties maximum, minimum are not supported",
  ],
  [
    properties({ anyOf: [{ type: 'string', minLength: 1 }] }),
    "output_config.format.schema: For 'string' type, property 'minLength' is not supported",
  ],
  [
    properties({ type: 'array', minItems: 2 }),
    "output_config.format.schema: For 'array' type, 'minItems' values other than 0 or 1 are not supported",
  ],
  [
    { output_config: { format: { type: 'json_schema' } } },
    'output_config.format.json_schema.schema: Field required',
  ],
];

/** Params that count_tokens doesn't take. */
const OF_CREATE = new Set([
  ...['max_tokens', 'metadata', 'service_tier', 'stop_sequences', 'stream'],
  ...['temperature', 'top_k', 'top_p'],
]);

const post = (params: object, { url = MESSAGES, models }: Post = {}): Promise<Response> =>
  createEmulator({ replies: [reply.text('Hello')], models }).fetch(url, {
    method: 'POST',
    headers: HEADERS,
    body: JSON.stringify({
      ...PARAMS,
      ...(url === MESSAGES ? {} : { max_tokens: undefined }),
      ...params,
    }),
  });

interface Post {
  url?: string;
  models?: string[];
}

describe.each([MESSAGES, `${MESSAGES}/count_tokens`])('%s', (url) => {
  const cases = [...REFUSED, ...TOGETHER].filter(
    ([params]) => url === MESSAGES || Object.keys(params).every((name) => !OF_CREATE.has(name)),
  );
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

it('rejects a body that is too large, and an unknown model', async () => {
  for (const system of ['x'.repeat(32 * 1024 * 1024), 'ü'.repeat(16 * 1024 * 1024)]) {
    const large = await post({ system });
    expect([large.status, (await large.json()).error]).toEqual([
      413,
      { type: 'request_too_large', message: 'Request exceeds the maximum size' },
    ]);
  }
  const long = await post({ system: 'x'.repeat(31 * 1024 * 1024) });
  expect((await long.json()).error.message).toMatch(/^prompt is too long: \d+ tokens > 1000000/);
  const other = await post({}, { models: ['claude-haiku-4-5'] });
  expect([other.status, (await other.json()).error]).toEqual([
    404,
    { type: 'not_found_error', message: 'model: claude-opus-4-8' },
  ]);
});

const SONNET = { model: 'claude-sonnet-4-5' };

const PASSES: object[] = [
  { ...SONNET, temperature: 0, top_k: 5, stop_sequences: ['x'] },
  { temperature: 1, top_p: 1 },
  { model: OLD, ...after(assistant(text('Once'))) },
  { model: OLD, ...after({ role: 'assistant', content: '' }) },
  after(USER, USER, assistant(text('Hi')), assistant(text('there')), USER),
  after(assistant(call('a')), assistant(call('b')), user(result('a')), user(result('b'))),
  after(assistant(call('a')), user(result('a'), text('and?'))),
  after(assistant(thought('Hm.', toSignature('Hm.')), text('x')), USER),
  after(assistant(thought('', toSignature('Hm.')), text('x')), USER),
  after(assistant(thought('Hm.', REAL), text('x')), USER),
  { model: OLD, max_tokens: 2049, ...enabled(2048) },
  { thinking: { type: 'adaptive' }, ...FORCED },
  { tools: [TOOL, { type: 'web_search_20260318', name: 'web_search' }], ...ANY },
  { tool_choice: { type: 'none' } },
  // A turn that the API paused: it ends in a tool of the API.
  ...['claude-opus-4-8', OLD].flatMap((model) => [
    { model, ...after(assistant(text('I search.'), SEARCH)) },
    { model, ...after(assistant(SEARCH, FOUND)) },
  ]),
  { model: OLD, max_tokens: 2048, ...enabled(1024), ...after(assistant(SEARCH, FOUND)) },
  { messages: [assistant(text('Hi')), USER] },
  after(assistant(call('a')), user(result('a')), assistant(call('a')), user(result('a'))),
  // Spaces beside a call.
  after(assistant(text(' '), call('a')), user(result('a'))),
  // The thinking of an answer that called no tool may be left out.
  { model: OLD, max_tokens: 2048, ...enabled(1024), ...after(assistant(text('Hi')), USER) },
  { ...SONNET, max_tokens: 64_000 },
  { output_config: { effort: 'xhigh' } },
  ...['claude-test', 'claude-opus-9', 'gpt-9', 'us.anthropic.claude-opus-4-8-v1:0'].map(
    (model) => ({ model }),
  ),
];

it.each(PASSES)('accepts %j', async (params) => {
  expect((await post(params)).status).toBe(200);
});
