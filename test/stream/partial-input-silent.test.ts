import { expect, it, vi } from 'vitest';
import { MessageStream } from '../../src/stream/message-stream.js';
import { TOOL } from './partial-input-streams.js';
import { idle } from './support.js';

vi.mock('../../src/message/partial-input.js', () => new Promise(() => {}));

it('a stream waits ten seconds for the code that shows unfinished inputs', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const stream = MessageStream.from(new Response(TOOL));
    let isDone = false;
    const done = stream.untilDone().then(() => {
      isDone = true;
    });
    // Not waitFor: it lets faked time pass.
    while (stream.currentMessageSnapshot?.content.length !== 1) await idle();
    await vi.advanceTimersByTimeAsync(9_999);
    expect(isDone).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await done;
    expect(stream.currentMessageSnapshot?.content[1]).toMatchObject({ input: { city: 'Zürich' } });
  } finally {
    vi.useRealTimers();
  }
});
