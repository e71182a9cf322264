import type { Replies } from '../../../src/testing/index.js';
import { reply } from '../../../src/testing/index.js';
import type { Section } from '../row.js';

/** Answers with the fields of the request that the code is about. */
const echo =
  (...fields: readonly string[]): Replies =>
  ({ body }) =>
    reply.text(JSON.stringify(fields.map((field) => body[field])));

const sent = (params: string): string =>
  `const stream = client.messages.stream({ ...params, ${params} });\nconsole.log(await stream.getFinalText());`;

export const PARAMS: Section = {
  title: 'Params',
  rows: [
    {
      python: 'stream(model=…, messages=…, max_tokens=…)',
      promises: ['API reference: model, messages and max_tokens are required'],
      awaiting: `const stream = client.messages.stream({
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Hello' }],
});
console.log(await stream.getFinalText());`,
      prints: 'Hello, world.\n',
      differs: 'fields of one object; options of the request are a second one',
    },
    {
      python: 'system="You are …"\nsystem=[{"type": "text", "text": …, "cache_control": …}]',
      promises: [
        'API reference: system as str or list[TextBlockParam]',
        'tasks: Stream with system prompt',
      ],
      awaiting: sent(
        "system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }]",
      ),
      replies: echo('system'),
      prints: '[[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral"}}]]\n',
    },
    {
      python: 'temperature=0.8',
      promises: [
        'API reference: temperature 0.0-1.0',
        'API reference: Streaming with temperature',
        'tasks: Stream with temperature',
      ],
      awaiting: sent("model: 'claude-sonnet-4-5', temperature: 0.8"),
      replies: echo('temperature'),
      prints: '[0.8]\n',
    },
    {
      python: 'tools=[{"name": …, "input_schema": …}]',
      promises: ['API reference: tools: list[ToolParam]'],
      awaiting: `const weather: Tool = { name: 'get_weather', input_schema: { type: 'object' } };
const stream = client.messages.stream({ ...params, tools: [weather] });
console.log(await stream.getFinalText());`,
      prints: 'Hello, world.\n',
      differs: 'a constant of its own needs the type `Tool`, or `as const`',
    },
    {
      python: '**kwargs  # all other params of create()',
      promises: ['API reference: **kwargs, every param of create()'],
      awaiting: sent(
        "top_k: 5, stop_sequences: ['END'], metadata: { user_id: 'u1' }, service_tier: 'auto'",
      ).replace('...params,', "...params, model: 'claude-sonnet-4-5',"),
      replies: echo('top_k', 'metadata', 'service_tier'),
      prints: '[5,{"user_id":"u1"},"auto"]\n',
    },
    {
      python: 'NOT_GIVEN, omit',
      promises: ['API reference: NOT_GIVEN', 'API reference: passing NOT_GIVEN on'],
      awaiting: `const system: string | undefined = undefined;
const stream = client.messages.stream({ ...params, system });
console.log(await stream.getFinalText());`,
      replies: ({ body }) => reply.text(String('system' in body)),
      prints: 'false\n',
      differs: '`undefined`, or leave the field out',
    },
    {
      python: 'extra_headers={…}, timeout=…',
      promises: ['API reference: **kwargs, extra_headers and timeout of one call'],
      awaiting: `const options = { extraHeaders: { 'x-team': 'mill' }, timeout: 120_000 };
console.log(await client.messages.stream(params, options).getFinalText());`,
      replies: ({ headers }) => reply.text(String(headers['x-team'])),
      prints: 'mill\n',
      differs: 'the second argument',
    },
    {
      python: 'extra_body={…}, extra_query={…}',
      promises: ['API reference: **kwargs, params that the SDK does not know'],
      awaiting: `const options = { extraBody: { inference_geo: 'us' }, extraQuery: { trial: 'yes' } };
console.log(await client.messages.stream(params, options).getFinalText());`,
      replies: ({ body }) => reply.text(String(body.inference_geo)),
      prints: 'us\n',
      differs: 'the second argument',
    },
    {
      python: 'client.beta.messages.stream(betas=[…], …)',
      promises: ['guide: Stream with beta features', 'tasks: Stream beta features, budget_tokens'],
      awaiting: `const stream = client.beta.messages.stream({
  ...params,
  model: 'claude-sonnet-4-5',
  max_tokens: 2048,
  thinking: { type: 'enabled', budget_tokens: 1024 },
});
stream.on('thinking', (thinking) => write(thinking));
console.log('', await stream.getFinalText());`,
      replies: () => reply.sequence(reply.thinking('Let me think.'), reply.text('Hello, world.')),
      prints: 'Let me think. Hello, world.\n',
      differs:
        'as the API has it: `budget_tokens` is required and at least 1,024, though two of the documents leave it out or give 1,000',
    },
    {
      python: 'client.messages.create(…)',
      awaiting:
        'const { stop_reason } = await client.messages.create(params);\nconsole.log(stop_reason);',
      prints: 'end_turn\n',
    },
    {
      python: 'client.messages.create(max_tokens=64000, …)',
      awaiting:
        'const message = await client.messages.create({ ...params, max_tokens: 64_000 });\nconsole.log(message.stop_reason);',
      prints: 'end_turn\n',
      differs: 'Python raises ValueError; here the request streams and the message is whole',
    },
    {
      python: 'client.messages.count_tokens(…)',
      awaiting: `const { model, messages } = params;
const { input_tokens } = await client.messages.countTokens({ model, messages });
console.log(input_tokens > 0);`,
      prints: 'true\n',
    },
  ],
};
