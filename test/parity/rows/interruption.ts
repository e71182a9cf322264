import { fault, type Replies, reply } from '../../../src/testing/index.js';
import type { Section } from '../row.js';

/** An answer that stops in the middle. */
const HANGING: Replies = () =>
  reply.faulty(reply.text('Hello, world.'), fault.stall({ event: 'content_block_delta' }));

export const INTERRUPTION: Section = {
  title: 'Interruption',
  intro:
    '`pressCtrlC()` sends SIGINT to this process after a while. More in [interruption](interruption.md) and, for ' +
    '`SyncAnthropic`, in [Ctrl-C](blocking.md#ctrl-c).',
  rows: [
    {
      python: 'signal.signal(signal.SIGINT, handler)  # stream.close(), sys.exit(0)',
      promises: [
        'guide: Best practices 2, a signal handler that closes the stream',
        'tasks: Best practices 3, interruptions',
      ],
      awaiting: `const stream = client.messages.stream(params);
process.once('SIGINT', () => stream.close());
pressCtrlC();
try {
  for await (const text of stream.textStream) write(text);
} catch (error) {
  console.log('', (error as Error).name);
}`,
      replies: HANGING,
      prints: /^[\w, ]* APIUserAbortError\n$/,
      differs:
        'the handler may `process.exit(0)`, too. With `SyncAnthropic` on Bun and Deno it runs after the wait',
    },
    {
      python: 'except KeyboardInterrupt: …',
      promises: ['tasks: SIGINT handler and except KeyboardInterrupt'],
      awaiting: `class KeyboardInterrupt extends Error {}
const abort = new AbortController();
process.once('SIGINT', () => abort.abort(new KeyboardInterrupt()));
pressCtrlC();
try {
  await client.messages.stream(params, { signal: abort.signal }).untilDone();
} catch (error) {
  console.log((error as Error).cause instanceof KeyboardInterrupt);
}`,
      blocking: `class KeyboardInterrupt extends Error {}
process.once('SIGINT', () => {
  throw new KeyboardInterrupt();
});
pressCtrlC();
try {
  client.messages.stream(params).untilDone();
} catch (error) {
  console.log(error instanceof KeyboardInterrupt);
}`,
      replies: HANGING,
      prints: 'true\n',
      differs:
        'no handler is there by default: the signal ends the process at once, without `finally`',
    },
  ],
};
