import { beforeEach, describe, expect, it } from 'vitest';
import { type AnthropicError, APIError, APIUserAbortError } from '../../src/errors.js';
import type { UntypedBlock, UntypedEvent } from '../../src/message/untyped.js';
import { NEVER_PENDING, PENDING, type Poll, type Wake } from '../../src/pull/poll.js';
import { MessageStreamCore } from '../../src/stream/message-stream-core.js';
import type { Next, SourceOwner } from '../../src/stream/source.js';
import type { ResponseHead } from '../../src/transport/port.js';
import {
  blockStart,
  blockStop,
  MESSAGE_STOP,
  messageDelta,
  messageStart,
  PING,
  textDelta,
} from '../contract/wire.js';
import { collectRaised, idle } from './support.js';

const HEAD: ResponseHead = {
  status: 200,
  statusText: 'OK',
  headers: () => new Headers({ 'request-id': 'req_1' }),
  header: (name) => (name === 'request-id' ? 'req_1' : null),
  fields: () => [['request-id', 'req_1']],
};

const START = [messageStart(), blockStart(0, { type: 'text', text: '' })];
const END = [blockStop(0), messageDelta({ stop_reason: 'end_turn' }), MESSAGE_STOP];
const HELLO = [...START, textDelta(0, 'Hel'), textDelta(0, 'lo'), ...END];

/** What the source has, in order; an error is thrown. It returns PENDING where there is nothing. */
let ready: (UntypedEvent | Error | typeof HEAD)[];
let wake: Wake | undefined;
/** A failure: the stream adds what it knows to it. */
let broken: APIError;
let owner: SourceOwner;
/** What was asked of the source. */
let log: string[];

beforeEach(() => {
  ready = [];
  wake = undefined;
  log = [];
  broken = new APIError('broken');
});

function coreOf(items: readonly object[], signals: (AbortSignal | undefined)[] = []) {
  ready = [...items] as typeof ready;
  return new MessageStreamCore((given) => {
    owner = given;
    const take = <T>(asking: Wake): Poll<T> => {
      const next = ready.shift();
      if (next instanceof Error) throw next;
      if (next === undefined) wake = asking;
      return (next ?? PENDING) as Poll<T>;
    };
    return {
      connect: (asking) => {
        log.push('connect');
        const head = take<ResponseHead>(asking);
        if (head !== PENDING) owner.onHead(head);
        return head;
      },
      next: (asking) => {
        log.push('next');
        return take<Next>(asking);
      },
      cancel: (reason) => void log.push(`cancel: ${reason.message}`),
    };
  }, signals);
}

/** More of the stream arrives. */
function arrive(...items: readonly object[]): void {
  ready.push(...(items as typeof ready));
  wake?.();
}

/** All that a cursor has now; its failure as the last item. */
function drain<T>(cursor: { poll: (wake: Wake) => Poll<T | undefined> }): unknown[] {
  const items: unknown[] = [];
  try {
    for (;;) {
      const item = cursor.poll(NEVER_PENDING);
      if (item === PENDING || item === undefined) return [...items, item === PENDING ? '…' : '∎'];
      items.push(item);
    }
  } catch (error) {
    return [...items, error];
  }
}

const typesOf = (items: unknown[]): unknown[] =>
  items.map((item) => (item as { type?: string }).type ?? item);

const HELLO_TYPES = [
  ...['message_start', 'content_block_start', 'content_block_delta', 'content_block_delta'],
  ...['content_block_stop', 'message_delta', 'message_stop', '∎'],
];

describe('reading', () => {
  it('asks the source for nothing before the first question', () => {
    const core = coreOf(HELLO);
    core.events();
    core.text();
    expect(log).toEqual([]);
  });

  it('asks for one event at a time, and for none after the end', () => {
    const core = coreOf(HELLO);
    const cursor = core.events();
    cursor.poll(NEVER_PENDING);
    expect(log).toEqual(['next']);
    expect(typesOf(drain(cursor))).toEqual(HELLO_TYPES.slice(1));
    expect(log).toHaveLength(HELLO.length);
    expect(core.ending).toEqual({ error: undefined });
  });

  it('gives events the finished block and message', () => {
    const events = drain(coreOf(HELLO).events()) as UntypedEvent[];
    expect(events.at(-4)?.content_block).toMatchObject({ type: 'text', text: 'Hello' });
    expect(events.at(-2)?.message).toMatchObject({ stop_reason: 'end_turn' });
  });

  it('is complete with message_stop, without another question', () => {
    const core = coreOf([...HELLO, broken]);
    expect(typesOf(drain(core.events()))).toEqual(HELLO_TYPES);
    expect(core.ending).toEqual({ error: undefined });
  });

  it('keeps pings from readers, and serves them', () => {
    const core = coreOf([...START, PING, ...END]);
    const [served, read] = [core.serve(), core.events()];
    served.join();
    expect(typesOf(drain(read))).not.toContain('ping');
    expect(typesOf(drain(served))).toContain('ping');
  });

  it('merges for a late reader what it missed, and joins the text', () => {
    const core = coreOf([...HELLO.slice(0, 4)]);
    drain(core.events());
    const [events, text] = [core.events(), core.text()];
    expect(typesOf(drain(events))).toEqual([...HELLO_TYPES.slice(0, 3), '…']);
    expect(drain(text)).toEqual(['Hello', '…']);
    arrive(textDelta(0, '!'));
    expect(drain(text)).toEqual(['!', '…']);
  });

  it('gives every reader the failure after what came before it, and later ones the same', () => {
    const core = coreOf([...HELLO.slice(0, 3), broken]);
    const [first, second] = [core.events(), core.text()];
    second.join();
    expect(drain(first).at(-1)).toBe(broken);
    expect(drain(second)).toEqual(['Hel', broken]);
    expect(drain(core.text())).toEqual(['Hel', broken]);
    expect(log.at(-1)).toBe('cancel: broken (after 3 characters in 1 block)');
  });

  it('refuses an event that does not fit, and ends with what it has', () => {
    const core = coreOf([...START, textDelta(7, 'x')]);
    const error = drain(core.events()).at(-1);
    expect(error).toMatchObject({ name: 'StreamProtocolError' });
    expect((error as AnthropicError).partialMessage?.content).toHaveLength(1);
  });
});

describe('the message', () => {
  it('is undefined before message_start, then grows, and stays after a failure', () => {
    const core = coreOf([...HELLO.slice(0, 3), broken]);
    expect(core.snapshot).toBeUndefined();
    drain(core.events());
    expect(core.snapshot?.content).toEqual([{ type: 'text', text: 'Hel' }]);
    expect(core.ending?.error).toMatchObject({ partialMessage: core.snapshot });
  });

  it('has what message_start contained, where it is closed before content followed', () => {
    const core = coreOf([]);
    const cursor = core.events();
    drain(cursor);
    owner.onHeld(messageStart());
    core.close(new APIUserAbortError('enough'));
    const [error] = drain(cursor) as AnthropicError[];
    expect(error?.partialMessage).toMatchObject({ content: [], usage: { input_tokens: 10 } });
  });

  it('is what complete() returns, once it is there', () => {
    const core = coreOf(HELLO);
    let woken = 0;
    const wakeUp = (): void => void woken++;
    expect(core.complete(wakeUp)).toBe(PENDING);
    drain(core.events());
    expect(woken).toBe(1);
    expect(core.complete(wakeUp)).toBe(core.snapshot);
  });

  it('is read by complete() alone, as fast as it arrives', async () => {
    const core = coreOf(HELLO.slice(0, 3));
    core.complete(NEVER_PENDING);
    await idle();
    arrive(...HELLO.slice(3));
    expect(core.complete(NEVER_PENDING)).toMatchObject({ content: [{ text: 'Hello' }] });
  });

  it('is read by completeNow() in one call', () => {
    const core = coreOf(HELLO);
    expect(core.completeNow()).toMatchObject({ content: [{ text: 'Hello' }] });
  });

  it('is refused by completeNow() with the failure', () => {
    const core = coreOf([...START, broken]);
    expect(() => core.completeNow()).toThrow(broken);
  });

  it('is not completed from inside a listener that completes it', () => {
    const core = coreOf(HELLO);
    const inside: unknown[] = [];
    core.listeners.listenNow('text', () => void inside.push(core.completeNow()), false);
    core.completeNow();
    expect(inside).toEqual([PENDING, PENDING]);
  });
});

describe('the response', () => {
  it('is asked for once, and known to all', () => {
    const core = coreOf([HEAD, ...HELLO]);
    expect(core.connect(NEVER_PENDING)).toBe(HEAD);
    expect(core.connect(NEVER_PENDING)).toBe(HEAD);
    expect(log).toEqual(['connect']);
    expect([core.head, core.requestId]).toEqual([HEAD, 'req_1']);
  });

  it('that fails ends the stream for readers, with one error', () => {
    const core = coreOf([broken]);
    expect(() => core.connect(NEVER_PENDING)).toThrow(broken);
    expect(drain(core.events())).toEqual([broken]);
    expect(() => core.connect(NEVER_PENDING)).toThrow(broken);
  });

  it('that is waited for fails with the stream, also where the source says nothing', () => {
    const core = coreOf([]);
    const woken: string[] = [];
    expect(core.connect(() => void woken.push('first'))).toBe(PENDING);
    expect(core.connect(() => void woken.push('second'))).toBe(PENDING);
    core.close(new APIUserAbortError('closed'));
    expect(woken).toEqual(['first', 'second']);
    expect(() => core.connect(NEVER_PENDING)).toThrow('closed');
  });

  it('is reported to listeners once, also where another follows', () => {
    const core = coreOf(HELLO);
    const seen: string[] = [];
    core.listeners.listenNow(
      'connect',
      ({ status }: Response) => void seen.push(`${status}`),
      false,
    );
    owner.onHead(HEAD);
    owner.onHead({ ...HEAD, status: 201 });
    expect([seen, core.head?.status]).toEqual([['200'], 201]);
  });

  it('is listed with the other attempts', () => {
    const core = coreOf(HELLO);
    owner.onTry('request');
    owner.onTryFailed(new APIError('busy', { requestId: 'req_0' }));
    owner.onTry('request');
    owner.onHead(HEAD);
    drain(core.events());
    expect(core.attempts).toMatchObject([
      { requestId: 'req_0', outcome: 'failed', received: { characters: 0 } },
      { requestId: 'req_1', outcome: 'complete', received: { blocks: 1, characters: 5 } },
    ]);
  });
});

describe('listeners', () => {
  it('make it read, after the turn in which they were added', async () => {
    const core = coreOf(HELLO);
    const heard: unknown[] = [];
    core.listeners.listen('text', (delta: string) => void heard.push(delta), false);
    core.listeners.listen('end', () => void heard.push('end'), false);
    expect(log).toEqual([]);
    await idle();
    expect(heard).toEqual(['Hel', 'lo', 'end']);
  });

  it('that wait for something else than data make it read too, until a reader sets the pace', async () => {
    const core = coreOf(HELLO);
    core.listeners.listen('connect', () => {}, false);
    await idle();
    expect(core.ending).toEqual({ error: undefined });

    const read = coreOf(HELLO);
    read.listeners.listen('connect', () => {}, false);
    read.events().poll(NEVER_PENDING);
    await idle();
    expect(read.ending).toBeUndefined();
  });

  it('that were removed in the same turn read nothing', async () => {
    const core = coreOf(HELLO);
    const listener = (): void => {};
    core.listeners.listen('text', listener, false);
    core.listeners.remove('text', listener);
    await idle();
    expect(log).toEqual([]);
  });

  it('of a blocking stream never make it read', async () => {
    const core = coreOf(HELLO);
    core.listeners.listenNow('text', () => {}, false);
    await idle();
    expect(log).toEqual([]);
  });

  it.each(['listen', 'listenNow'] as const)('%s refuses unknown names', (method) => {
    const core = coreOf(HELLO);
    expect(() => core.listeners[method]('txt', () => {}, false)).toThrow(
      "there is no event named 'txt'",
    );
  });

  it('find the stream complete at message_stop, whatever they do', async () => {
    const core = coreOf(HELLO);
    core.listeners.listen('message', () => core.close(new APIUserAbortError('late')), false);
    expect(typesOf(drain(core.events()))).toEqual(HELLO_TYPES);
    expect(core.ending).toEqual({ error: undefined });
  });

  const LATE: [name: string, items: () => readonly object[], args: () => unknown][] = [
    ['message', () => HELLO, () => [expect.objectContaining({ stop_reason: 'end_turn' })]],
    ['end', () => HELLO, () => []],
    ['error', () => [...START, broken], () => [broken]],
    ['end', () => [...START, broken], () => []],
  ];

  it.each(LATE)('for %s that are added after the end are called', (name, items, args) => {
    const core = coreOf(items());
    drain(core.events());
    const calls: unknown[] = [];
    core.listeners.listenNow(name, (...given: unknown[]) => void calls.push(given), false);
    expect(calls).toEqual([args()]);
  });
});

describe('a failure', () => {
  const HEARD: [who: string, hear: (core: MessageStreamCore) => unknown][] = [
    ['a reader', (core) => drain(core.events())],
    ['an error listener', (core) => core.listeners.listen('error', () => {}, false)],
    ['a caller of complete()', (core) => core.complete(NEVER_PENDING)],
    ['a follower', (core) => core.follow(NEVER_PENDING, NEVER_PENDING)],
    ['a served reader', (core) => core.serve()],
  ];

  it.each(HEARD)('is not raised where %s gets it', async (_, hear) => {
    using raised = collectRaised();
    const core = coreOf(HELLO.slice(0, 3));
    core.listeners.listen('text', () => {}, false);
    hear(core);
    await idle();
    arrive(broken);
    await idle();
    expect(core.ending?.error).toBe(broken);
    expect(raised.errors).toEqual([]);
  });

  it('is raised where only data listeners are there', async () => {
    using raised = collectRaised();
    const core = coreOf([...HELLO.slice(0, 3), broken]);
    core.listeners.listen('text', () => {}, false);
    await idle();
    expect(raised.errors).toEqual([broken]);
  });

  it('after the end changes nothing', () => {
    const core = coreOf(HELLO);
    drain(core.events());
    core.fail(broken);
    expect(core.ending).toEqual({ error: undefined });
  });
});

describe('an end on purpose', () => {
  it('close() reaches waiting readers, and closes the source once', () => {
    const core = coreOf(HELLO.slice(0, 3));
    const cursor = core.events();
    drain(cursor);
    for (let n = 0; n < 2; n++) core.close(new APIUserAbortError('enough'));
    expect(drain(cursor)).toEqual([expect.objectContaining({ name: 'APIUserAbortError' })]);
    expect(log.filter((line) => line.startsWith('cancel'))).toHaveLength(1);
  });

  it('close() raises nothing where only data listeners are there', async () => {
    using raised = collectRaised();
    const core = coreOf(HELLO.slice(0, 3));
    core.listeners.listen('text', () => {}, false);
    await idle();
    core.close(new APIUserAbortError('enough'));
    await idle();
    expect([core.ending?.error, raised.errors]).toEqual([expect.any(APIUserAbortError), []]);
  });

  it('a signal counts from the first need on, and is let go at the end', () => {
    const aborting = new AbortController();
    const core = coreOf(HELLO.slice(0, 3), [aborting.signal]);
    const cursor = core.events();
    cursor.poll(NEVER_PENDING);
    aborting.abort('reason');
    expect(drain(cursor).at(-1)).toMatchObject({ name: 'APIUserAbortError', cause: 'reason' });
  });

  it('a signal that was aborted before sends nothing', () => {
    const core = coreOf(HELLO, [AbortSignal.abort()]);
    expect(drain(core.events())).toEqual([expect.any(APIUserAbortError)]);
    expect(log.filter((line) => !line.startsWith('cancel'))).toEqual([]);
  });

  it('the last reader that leaves closes it; a follower keeps it open', () => {
    const left = coreOf(HELLO.slice(0, 3));
    const cursor = left.events();
    cursor.poll(NEVER_PENDING);
    cursor.leave();
    expect(left.ending?.error).toBeInstanceOf(APIUserAbortError);

    const followed = coreOf(HELLO.slice(0, 3));
    followed.follow(NEVER_PENDING, NEVER_PENDING);
    const other = followed.events();
    other.poll(NEVER_PENDING);
    other.leave();
    expect(followed.ending).toBeUndefined();
  });
});

describe('a follower', () => {
  it('gets each finished block once every reader has come back for more', () => {
    const core = coreOf(HELLO.slice(0, 5));
    const blocks: UntypedBlock[] = [];
    core.follow((block) => void blocks.push(block), NEVER_PENDING);
    const cursor = core.events();
    for (let n = 0; n < 5; n++) cursor.poll(NEVER_PENDING);
    expect(blocks).toEqual([]);
    cursor.poll(NEVER_PENDING);
    expect(blocks).toEqual([{ type: 'text', text: 'Hello' }]);
  });

  it('gets the failure', () => {
    const core = coreOf([...START, broken]);
    const failures: unknown[] = [];
    core.follow(NEVER_PENDING, (error) => void failures.push(error));
    drain(core.events());
    expect(failures).toEqual([broken]);
  });
});
