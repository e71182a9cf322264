import { fault, type Replies, reply } from '../../../src/testing/index.js';
import type { Section } from '../row.js';

const RATE_LIMITED: Replies = () => reply.error('rate_limit_error');

/** Prints what `show` says of the error that a stream ends with. */
const caught = (show: string, params = 'params', options = '{ maxRetries: 0 }'): string =>
  `try {
  await client.messages.stream(${params}, ${options}).untilDone();
} catch (error) {
  ${show}
}`;

export const ERRORS: Section = {
  title: 'Errors',
  rows: [
    {
      python: 'except APIError as e: e.message',
      promises: ['guide: Error handling', 'API reference: the same errors as create()'],
      awaiting: caught(
        'if (error instanceof APIError) console.log(error.message.includes(error.reason));',
      ),
      replies: RATE_LIMITED,
      prints: 'true\n',
      differs:
        'thrown at the first read, not on entering; `message` is one line with status and request id, `reason` is the text alone',
    },
    {
      python:
        'except APIConnectionError: …\nexcept RateLimitError: …\nexcept APIStatusError as e: e.status_code',
      promises: ['quick reference: Error handling in streams'],
      awaiting: caught(
        "if (error instanceof APIConnectionError) console.log('lost');\n  else if (error instanceof RateLimitError) console.log('limited', error.status);\n  else if (error instanceof APIStatusError) console.log(error.status);",
      ),
      replies: RATE_LIMITED,
      prints: 'limited 429\n',
      differs: '`status`',
    },
    {
      python: 'except APIConnectionError  # the connection is lost',
      promises: [
        'quick reference: the APIConnectionError branch means that the connection was lost',
      ],
      awaiting: `const stream = client.messages.stream(params);
stream.close();
try {
  await stream.untilDone();
} catch (error) {
  console.log(error instanceof APIUserAbortError, error instanceof APIConnectionError);
}`,
      prints: 'true false\n',
      differs:
        'your own `close()` or abort is APIUserAbortError, which is not an APIConnectionError',
    },
    {
      python: 'except APITimeoutError: …\nexcept APIError: …',
      promises: ['tasks: APITimeoutError before APIError'],
      awaiting: caught(
        "if (error instanceof APITimeoutError) console.log('timed out:', error.phase);",
        'params',
        '{ maxRetries: 0, timeout: { idle: 100 } }',
      ),
      replies: () =>
        reply.faulty(reply.text('Hello, world.'), fault.stall({ event: 'content_block_delta' })),
      prints: 'timed out: idle\n',
    },
    {
      python: 'except APIError  # every failure of a stream',
      promises: ['tasks: except APIError catches every failure of a stream'],
      awaiting: caught('console.log(error instanceof APIError, (error as Error).name);'),
      replies: () => reply.raw(200, { 'content-type': 'text/event-stream' }, 'data: {"type":\n\n'),
      prints: 'true StreamProtocolError\n',
    },
    {
      python: 'print(f"{e}")',
      promises: ['API reference: print(f"Stream error: {e}")'],
      awaiting: caught("console.log(String(error).startsWith('RateLimitError: '));"),
      replies: RATE_LIMITED,
      prints: 'true\n',
      differs:
        '`String(error)`, or the error in a template, has the class before the message, as any JavaScript error; `error.message` has not',
    },
    {
      python: 'e.body, e.request_id, e.response.headers, e.type',
      awaiting: caught(
        'if (error instanceof APIStatusError) console.log(error.type, typeof error.body, typeof error.requestId, error.headers !== undefined);',
      ),
      replies: RATE_LIMITED,
      prints: 'rate_limit_error object string true\n',
      differs: '`e.request` has no counterpart',
    },
    {
      python: 'except APIStatusError  # an error event in a stream: status_code 200',
      awaiting: caught('if (error instanceof OverloadedError) console.log(error.status);'),
      replies: () => reply.sequence(reply.text('Hello'), reply.error('overloaded_error')),
      prints: '529\n',
      differs: 'it has the class and the status of its type: `overloaded_error` is 529',
    },
    {
      python: 'except OverloadedError  # status code 529',
      awaiting: caught(
        'console.log(error instanceof OverloadedError, error instanceof InternalServerError);',
      ),
      replies: () => reply.error(529),
      prints: 'true true\n',
      differs: 'an InternalServerError here, a sibling of it in Python',
    },
    {
      python: 'except asyncio.TimeoutError  # asyncio.wait_for(…, 10)',
      awaiting: `try {
  await client.messages.stream(params, { signal: AbortSignal.timeout(100) }).untilDone();
} catch (error) {
  if (error instanceof APIUserAbortError) console.log((error.cause as Error).name);
}`,
      blocking: `try {
  client.messages.stream(params, { timeout: { total: 100 }, maxRetries: 0 }).untilDone();
} catch (error) {
  if (error instanceof APITimeoutError) console.log('TimeoutError');
}`,
      replies: () => reply.faulty(reply.text('Hi'), fault.stall({ event: 'message_start' })),
      prints: 'TimeoutError\n',
      differs:
        'a signal gives APIUserAbortError, the reason is its `cause`; `timeout: { total }` gives APITimeoutError',
    },
    {
      python: 'client.with_options(max_retries=1).messages.stream(…)',
      awaiting: `const stream = client.messages.stream(params, { maxRetries: 1 });
stream.on('retry', ({ attempt }) => write(\`retry \${attempt}, \`));
console.log(await stream.getFinalText(), stream.attempts.length);`,
      replies: [
        reply.error('rate_limit_error', undefined, { headers: { 'retry-after': '0' } }),
        reply.text('then.'),
      ],
      prints: 'retry 1, then. 2\n',
    },
  ],
};
