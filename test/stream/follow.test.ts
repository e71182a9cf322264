import { describe, expect, it, vi } from 'vitest';
import {
  APITimeoutError,
  APIUserAbortError,
  AuthenticationError,
  NotFoundError,
  OverloadedError,
  StreamProtocolError,
  StreamTruncatedError,
} from '../../src/errors.js';
import { Reconnects } from '../../src/stream/follow/reconnects.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import { errorEvent } from '../contract/wire.js';
import { RICH, RICH_TEXT } from './support.js';

/** Each event with an id, as a relay sends it. */
const FRAMES = RICH.map(
  (event, index) => `id: ${index + 1}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
);

const rest = (id: string | undefined): string[] => FRAMES.slice(Number(id ?? 0));

const sse = (frames: Iterable<string>): Response =>
  new Response([...frames].join(''), { headers: { 'content-type': 'text/event-stream' } });

/** A body that is open until it is cancelled. */
function open(text: string, cancelled: () => void = () => {}): Response {
  return new Response(
    new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
      cancel: cancelled,
    }),
  );
}

/** A server that asks for a pause. */
const busy = (ms: number): Response =>
  new Response('', { status: 503, headers: { 'retry-after-ms': String(ms) } });

/** A body that breaks. */
function broken(text: string): Response {
  let isSent = false;
  return new Response(
    new ReadableStream({
      pull(controller) {
        if (isSent) return controller.error(new TypeError('terminated'));
        isSent = true;
        controller.enqueue(new TextEncoder().encode(text));
      },
    }),
  );
}

describe('MessageStream.follow', () => {
  it('continues after the last event, wherever a connection ends', async () => {
    const whole = await MessageStream.follow(async () => sse(FRAMES)).getFinalMessage();
    for (const end of [sse, (frames: string[]) => broken(frames.join(''))]) {
      for (let cut = 1; cut < FRAMES.length; cut++) {
        const ids: (string | undefined)[] = [];
        const stream = MessageStream.follow(async (id) => {
          ids.push(id);
          return ids.length === 1 ? end(rest(id).slice(0, cut)) : sse(rest(id));
        });
        expect(await stream.getFinalMessage()).toEqual(whole);
        // After the stop reason nothing is missing: the stream is complete.
        if (ids.length > 1) expect(ids).toEqual([undefined, String(cut)]);
      }
    }
  });

  it('drops half an event, and asks for it again', async () => {
    const text = FRAMES.join('');
    for (let cut = 400; cut < text.length - 200; cut += 97) {
      let isFirst = true;
      const stream = MessageStream.follow(async (id) => {
        const body = isFirst ? text.slice(0, cut) : rest(id).join('');
        isFirst = false;
        return sse([body]);
      });
      expect(await stream.getFinalText()).toBe(RICH_TEXT);
    }
  });

  it('aborts the signal of each connection that is over, and no other', async () => {
    const signals: AbortSignal[] = [];
    const answers = [
      () => sse(FRAMES.slice(0, 4)),
      () => Promise.reject(new TypeError('fetch failed')),
      () => open(FRAMES.slice(4, 6).join('')),
    ];
    const stream = MessageStream.follow(async (_, signal) => {
      expect(signals.map(({ aborted }) => aborted)).toEqual(signals.map(() => true));
      signals.push(signal);
      return (answers.shift() as () => Response)();
    });
    let count = 0;
    for await (const _ of stream) if (++count === 6) break;
    expect(signals).toHaveLength(3);
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
    const pending = new Promise<AbortSignal>((resolve) => {
      const waiting = MessageStream.follow((_, signal) => {
        signal.addEventListener('abort', () => resolve(signal));
        setTimeout(() => waiting.close());
        return new Promise(() => {});
      });
      waiting.getFinalText().catch(() => {});
    });
    expect((await pending).aborted).toBe(true);
  });

  it.each([
    [400, 'BadRequestError'],
    [401, AuthenticationError.name],
    [403, 'PermissionDeniedError'],
    [404, NotFoundError.name],
  ])('rejects at once for %i', async (status) => {
    let count = 0;
    const stream = MessageStream.follow(async () => {
      count++;
      return Response.json({ type: 'error', error: { type: 'x', message: 'no' } }, { status });
    });
    await expect(stream.getFinalText()).rejects.toMatchObject({ status });
    expect(count).toBe(1);
  });

  it('rejects with what is missing for 204 before the end', async () => {
    const stream = MessageStream.follow(async (id) =>
      id === undefined ? sse(FRAMES.slice(0, 8)) : new Response(null, { status: 204 }),
    );
    const error = await stream.getFinalText().catch((error) => error);
    expect(error).toBeInstanceOf(StreamTruncatedError);
    expect(error.partialMessage.content[0]).toMatchObject({ type: 'thinking' });
  });

  it('tries again while the server is busy, and notifies `retry` listeners', async () => {
    const answers = [
      () => new Response('', { status: 503, headers: { 'retry-after-ms': '1' } }),
      () => Promise.reject(new TypeError('fetch failed')),
      () => sse(FRAMES),
    ];
    const delays: number[] = [];
    const stream = MessageStream.follow(async () => (answers.shift() as () => Response)());
    stream.on('retry', ({ delay }) => delays.push(delay));
    expect(await stream.getFinalText()).toBe(RICH_TEXT);
    expect(delays[0]).toBe(1);
    expect(delays).toHaveLength(2);
  });

  it('ends with the error that the stream itself ended with, also one that is transient', async () => {
    let count = 0;
    const event = errorEvent('overloaded_error');
    const stream = MessageStream.follow(async () => {
      count++;
      const data = `id: 99\nevent: error\ndata: ${JSON.stringify(event)}\n\n`;
      return sse([...FRAMES.slice(0, 9), data]);
    });
    await expect(stream.getFinalText()).rejects.toBeInstanceOf(OverloadedError);
    expect(count).toBe(1);
  });

  it('connects again after silence', async () => {
    let count = 0;
    const cancelled = vi.fn();
    const stream = MessageStream.follow(
      async (id) => {
        count++;
        return count === 1 ? open(FRAMES.slice(0, 9).join(''), cancelled) : sse(rest(id));
      },
      { timeout: { idle: 30 } },
    );
    expect(await stream.getFinalText()).toBe(RICH_TEXT);
    expect(count).toBe(2);
    expect(cancelled).toHaveBeenCalledOnce();
  });

  it('gives up where nothing brings progress', async () => {
    const stream = MessageStream.follow(async () => open(': only comments\n\n'), {
      timeout: { idle: 10, stall: 25 },
    });
    const error = await stream.getFinalText().catch((error) => error);
    expect(error).toBeInstanceOf(APITimeoutError);
    expect(error.phase).toBe('stall');
  });

  it.each([
    ['over a connection that brings events', () => open(FRAMES.slice(0, 9).join(''))],
    ['over connections that only end', () => sse([])],
    ['over a server that is never ready', () => new Response('', { status: 503 })],
    ['over a server that asks for a long pause', () => busy(60_000)],
    ['over a connection that does not open', () => new Promise<Response>(() => {})],
  ])('ends after `timeout.total`, %s', async (_, answer) => {
    const stream = MessageStream.follow(async () => answer(), { timeout: { total: 80 } });
    const error = await stream.getFinalText().catch((error) => error);
    expect(error).toBeInstanceOf(APITimeoutError);
    expect(error.phase).toBe('total');
  });

  it('counts all connections for `timeout.total`', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      let connected = 0;
      const stream = MessageStream.follow(
        async (id) => {
          connected++;
          const [frame = ''] = rest(id);
          return open(frame);
        },
        { timeout: { total: 100_000, idle: 20_000 } },
      );
      const failed = stream.getFinalText().catch((error) => error);
      for (let seconds = 0; seconds < 110; seconds++) await vi.advanceTimersByTimeAsync(1_000);
      expect(await failed).toMatchObject({ name: 'APITimeoutError', phase: 'total' });
      expect(connected).toBe(5);
    } finally {
      vi.useRealTimers();
    }
  });

  it('waits as long as the server asks', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const random = vi.spyOn(Math, 'random').mockReturnValue(0);
    try {
      const answers = [
        () => sse(['retry: 7000\n\n', ...FRAMES.slice(0, 3)]),
        () => Promise.reject(new TypeError('fetch failed')),
        () => sse(FRAMES.slice(3)),
      ];
      const stream = MessageStream.follow(async () => (answers.shift() as () => Response)());
      const text = stream.getFinalText();
      // Once at once, then after what the server asked for.
      await vi.advanceTimersByTimeAsync(6_999);
      expect(answers).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(await text).toBe(RICH_TEXT);
    } finally {
      random.mockRestore();
      vi.useRealTimers();
    }
  });

  it('is silent for 30 s at most by default', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      let count = 0;
      const stream = MessageStream.follow(async (id) =>
        ++count === 1 ? open(FRAMES.slice(0, 9).join('')) : sse(rest(id)),
      );
      const text = stream.getFinalText();
      await vi.advanceTimersByTimeAsync(29_999);
      expect(count).toBe(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(await text).toBe(RICH_TEXT);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each(['online', 'pageshow', 'visibilitychange'])(
    'connects again at once when the page is back: %s',
    async (name) => {
      let count = 0;
      let connected = (): void => {};
      const first = new Promise<void>((resolve) => {
        connected = resolve;
      });
      const target = new EventTarget();
      const [add, remove] = [target.addEventListener, target.removeEventListener];
      vi.stubGlobal('addEventListener', add.bind(target));
      vi.stubGlobal('removeEventListener', remove.bind(target));
      const document = {
        addEventListener: add.bind(target),
        removeEventListener: remove.bind(target),
      };
      vi.stubGlobal('document', { ...document, visibilityState: 'visible' });
      const now = vi.spyOn(performance, 'now');
      try {
        const stream = MessageStream.follow(async (id) => {
          count++;
          connected();
          return count === 1 ? open(FRAMES.slice(0, 9).join('')) : sse(rest(id));
        });
        const text = stream.getFinalText();
        await first;
        await new Promise((resolve) => setTimeout(resolve));
        now.mockImplementation(() => 1e9);
        target.dispatchEvent(new Event(name));
        expect(await text).toBe(RICH_TEXT);
        expect(count).toBe(2);
      } finally {
        now.mockRestore();
        vi.unstubAllGlobals();
      }
    },
  );

  it('is left by close(), also while it waits for a connection', async () => {
    const stream = MessageStream.follow(() => new Promise<Response>(() => {}));
    const text = stream.getFinalText();
    stream.close();
    await expect(text).rejects.toBeInstanceOf(APIUserAbortError);
  });

  it('does not repeat a stream without ids', async () => {
    let count = 0;
    const stream = MessageStream.follow(async () => {
      count++;
      return sse(FRAMES.slice(0, 9).map((frame) => frame.replace(/^id: .*\n/, '')));
    });
    await expect(stream.getFinalText()).rejects.toBeInstanceOf(StreamTruncatedError);
    expect(count).toBe(1);
  });

  it('says what is wrong with its arguments', async () => {
    const wrong = MessageStream.follow as (open: unknown, options?: object) => MessageStream;
    expect(() => wrong('/stream')).toThrow(/takes a function, not "\/stream": write follow\(/);
    expect(() => wrong(() => {}, { signl: 1 })).toThrow(/unknown option 'signl'/);
    const stream = wrong(async () => 'text');
    await expect(stream.getFinalText()).rejects.toThrow(/takes a Response/);
  });
});

describe('the pauses between connections', () => {
  const error = new StreamProtocolError('x');

  it('grow, with jitter, up to 10 s, from what the server asks for', () => {
    const reconnects = new Reconnects(Number.POSITIVE_INFINITY);
    reconnects.retry = 2_000;
    const pauses = Array.from({ length: 6 }, () => reconnects.failed(error, 0, 0));
    expect(pauses).toEqual([0, 2_000, 4_000, 8_000, 10_000, 10_000]);
    expect(reconnects.failed(error, 0, 1)).toBe(5_000);
    reconnects.progress();
    expect(reconnects.failed(error, 0)).toBe(0);
  });

  it('end when there was no progress for too long', () => {
    const reconnects = new Reconnects(1_000);
    reconnects.failed(error, 400);
    reconnects.paused(500);
    expect(() => reconnects.failed(error, 100)).toThrow(/no progress within 1 s/);
  });
});
