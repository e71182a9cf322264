import { reply } from '../../../src/testing/index.js';
import type { Section } from '../row.js';

/** What either client has, where the code makes its own. */
const made = (options: string, show: string): { awaiting: string; blocking: string } => ({
  awaiting: `const one = new Anthropic(${options});\n${show}`,
  blocking: `const one = new SyncAnthropic(${options});\n${show.replace(/\bawait /g, '')}`,
});

export const CLIENT: Section = {
  title: 'The client',
  rows: [
    {
      python: 'Anthropic(), AsyncAnthropic()',
      ...made('', 'console.log(await one.messages.stream(params).getFinalText());'),
      prints: 'Hello, world.\n',
      differs:
        '`Anthropic` awaits, as `AsyncAnthropic` does; `SyncAnthropic` blocks, as `Anthropic` does',
    },
    {
      python: 'api_key, auth_token, base_url, max_retries, default_headers, default_query',
      ...made(
        "{ apiKey: 'key', maxRetries: 0, defaultHeaders: { 'x-team': 'mill' }, defaultQuery: { trial: 'yes' } }",
        'console.log(await one.messages.stream(params).getFinalText());',
      ),
      replies: ({ headers }) => reply.text(String(headers['x-team'])),
      prints: 'mill\n',
      differs:
        'the same environment variables; `baseURL`, `authToken`; a key is sent as `authorization: Bearer`',
    },
    {
      python: 'timeout=httpx.Timeout(120.0)',
      promises: [
        'quick reference: Best practices 4, timeouts',
        'guide: Best practices 3, timeouts',
        'tasks: Best practices 2, timeouts',
      ],
      ...made(
        '{ timeout: 120_000 }',
        'console.log(await one.messages.stream(params).getFinalText());',
      ),
      prints: 'Hello, world.\n',
      differs: 'milliseconds; `{ response, idle, stall, total }` are four clocks',
    },
    {
      python: 'timeout=None',
      ...made(
        '{ timeout: Infinity }',
        'console.log(await one.messages.stream(params).getFinalText());',
      ),
      prints: 'Hello, world.\n',
      differs: '`Infinity`; null is refused',
    },
    {
      python: 'with_options(max_retries=5), copy(…)',
      awaiting:
        'const patient = client.withOptions({ maxRetries: 5 });\nconsole.log(await patient.messages.stream(params).getFinalText());',
      prints: 'Hello, world.\n',
      differs: '`copy` has no name of its own',
    },
    {
      python: 'with Anthropic() as client, client.close()',
      ...made(
        '',
        `console.log(await one.messages.stream(params).getFinalText());
one.close();
try {
  await one.messages.create(params);
} catch (error) {
  console.log(error instanceof AnthropicError);
}`,
      ),
      prints: 'Hello, world.\ntrue\n',
      differs: '`using client = new SyncAnthropic()`, `await using client = new Anthropic()`',
    },
    {
      python: 'client.messages.with_raw_response.create(…)',
      awaiting: `const { data, requestId, response } = await client.messages.withResponse.create(params);
console.log(data.role, requestId === response.headers.get('request-id'));`,
      prints: 'assistant true\n',
      differs:
        '`data` is `parse()`; `.withResponse()` of the promise that `create` returns gives the same',
    },
    {
      python: 'client.messages.with_streaming_response.create(…)',
      awaiting: `await using stream = client.messages.stream(params);
console.log((await stream.response).status);`,
      prints: '200\n',
      differs: 'the stream has its `response`',
    },
    {
      python: 'message._request_id, stream.request_id',
      awaiting: `const stream = client.messages.stream(params);
await stream.untilDone();
console.log(typeof stream.requestId);`,
      prints: 'string\n',
      differs: 'a message has no id of its request: `withResponse.create()`, or the stream',
    },
  ],
};
