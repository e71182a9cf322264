import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Anthropic } from '../../src/client.js';
import {
  APITimeoutError,
  APIUserAbortError,
  MaxTurnsError,
  NotFoundError,
  PermissionDeniedError,
  RunStream,
  StreamProtocolError,
  StreamTruncatedError,
  type ToolResultEvent,
} from '../../src/index.js';
import { createRelay } from '../../src/relay/relay.js';
import { createEmulator, type Reply, reply } from '../../src/testing/index.js';
import { all, failure } from '../stream/support.js';
import { askFor, PARAMS, weatherTool } from './support.js';

// RunStream.follow over sockets that break.

const TALK: readonly [Reply, Reply, Reply] = [
  reply.sequence(reply.thinking('Hm.'), reply.text('Let me see. 🌍'), askFor('Oslo', 'toolu_1')),
  askFor('Bergen', 'toolu_2'),
  reply.text('Sunny in both.'),
];

/** A relayed run as a relay serves it, frame by frame. */
async function framesOf(replies: readonly Reply[], options = {}): Promise<string[]> {
  const { fetch } = createEmulator({ replies: [...replies] });
  const client = new Anthropic({ apiKey: 'key', fetch, maxRetries: 0 });
  const relay = createRelay();
  const tools = [weatherTool()];
  const runner = client.messages.toolRunner({ ...PARAMS, tools }, options);
  const run = await relay.startRun('a', runner);
  await run.untilDone().catch(() => {});
  const text = await (await relay.handle(new Request('http://host/'), 'a')).text();
  return text.split(/(?<=\n\n)/).slice(1);
}

const idOf = (frame: string): string => /^id: (.*)$/m.exec(frame)?.[1] ?? '';

/** The frames after an id. */
const rest = (frames: readonly string[], id: string | undefined): string[] =>
  frames.slice(frames.findIndex((frame) => idOf(frame) === id) + 1);

type Respond = (response: ServerResponse, id: string | undefined, count: number) => void;

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A server, and a run that follows it. */
async function follow(respond: Respond, options = {}) {
  const ids: (string | undefined)[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const id = request.headers['last-event-id'] as string | undefined;
    ids.push(id);
    response.setHeader('content-type', 'text/event-stream');
    respond(response, id, ids.length);
  };
  const listen = async (port = 0): Promise<Server> => {
    const server = createServer(answer).listen(port, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return server;
  };
  const server = await listen();
  const { port } = server.address() as AddressInfo;
  const run = RunStream.follow(
    (id, signal) =>
      fetch(`http://127.0.0.1:${port}/`, {
        signal,
        headers: id === undefined ? {} : { 'last-event-id': id },
      }),
    options,
  );
  return { run, ids, server, restart: () => listen(port) };
}

/** Breaks the connection once what was written is sent. */
const cut = (response: ServerResponse, text: string): void => {
  response.write(text, () => response.destroy());
};

let FRAMES: string[];
let EVENTS: unknown[];
let whole: RunStream;

beforeAll(async () => {
  FRAMES = await framesOf(TALK);
  whole = RunStream.from(new Response(FRAMES.join('')));
  EVENTS = await all(whole.events);
  expect(FRAMES.length).toBeGreaterThan(25);
});

/** The whole run, once. */
async function expectWhole(run: RunStream): Promise<void> {
  expect(await all(run.events)).toEqual(EVENTS);
  expect(run.messages).toEqual(whole.messages);
  expect(run.usage).toEqual(whole.usage);
  expect(await run.getFinalText()).toBe('Sunny in both.');
}

describe('RunStream.follow', () => {
  it('sends nothing before the first need', async () => {
    const { run, ids } = await follow((response) => response.end(FRAMES.join('')));
    await new Promise((resolve) => setTimeout(resolve));
    expect(ids).toEqual([]);
    await expectWhole(run);
    expect(ids).toEqual([undefined]);
  });

  it.each([
    ['reset', cut],
    ['ended', (response: ServerResponse, text: string) => response.end(text)],
  ] as const)('continues a connection that is %s after any event', async (_, end) => {
    for (let at = 1; at < FRAMES.length; at++) {
      const { run, ids } = await follow((response, id, count) => {
        if (count === 1) end(response, FRAMES.slice(0, at).join(''));
        else response.end(rest(FRAMES, id).join(''));
      });
      await expectWhole(run);
      expect(ids).toEqual([undefined, idOf(FRAMES[at - 1] as string)]);
    }
  });

  it('drops half an event, and gets it again', async () => {
    const bytes = Buffer.from(FRAMES.join(''));
    for (let at = 300; at < bytes.length - 40; at += 211) {
      const { run, ids } = await follow((response, id, count) => {
        if (count === 1) response.end(bytes.subarray(0, at));
        else response.end(rest(FRAMES, id).join(''));
      });
      await expectWhole(run);
      expect(ids.length).toBe(2);
    }
  });

  it('survives one connection for each event', async () => {
    const { run, ids } = await follow((response, id) => {
      response.end(rest(FRAMES, id).slice(0, 1).join(''));
    });
    await expectWhole(run);
    expect(ids).toHaveLength(FRAMES.length);
  });

  it('survives a server that is killed and comes back', async () => {
    const { run, server, restart } = await follow((response, id, count) => {
      if (count > 1) return void response.end(rest(FRAMES, id).join(''));
      response.write(`retry: 10\n\n${FRAMES.slice(0, 9).join('')}`);
    });
    let seen = 0;
    const events: unknown[] = [];
    for await (const event of run.events) {
      events.push(event);
      if (++seen !== 5) continue;
      server.close().closeAllConnections();
      void once(server, 'close').then(restart);
    }
    expect(events).toEqual(EVENTS);
  });

  it('connects again after silence, in a turn and between two', async () => {
    const stop = FRAMES.findIndex((frame) => frame.includes('event: message_stop'));
    for (const at of [4, stop, stop + 1]) {
      const { run, ids } = await follow(
        (response, id, count) => {
          const frames = rest(FRAMES, id);
          if (count === 1) response.write(frames.slice(0, at).join(''));
          else response.end(frames.join(''));
        },
        { timeout: { idle: 300 } },
      );
      await expectWhole(run);
      expect(ids).toHaveLength(2);
    }
  });

  it('waits for a tool for as long as there are signs of life', async () => {
    const stop = FRAMES.findIndex((frame) => frame.includes('event: message_stop'));
    const { run, ids } = await follow(
      (response, id, count) => {
        const frames = rest(FRAMES, id);
        if (count > 1) return void response.end(frames.join(''));
        response.write(frames.slice(0, stop + 1).join(''));
        let beats = 0;
        const timer = setInterval(() => {
          if (++beats < 30) return void response.write(': keep-alive\n\n');
          clearInterval(timer);
          response.end(frames.slice(stop + 1).join(''));
        }, 50);
      },
      { timeout: { stall: 1_000 } },
    );
    await expectWhole(run);
    expect(ids).toHaveLength(1);
  });

  it('waits for the rest after a stop reason as it does elsewhere', async () => {
    const at = FRAMES.findIndex((frame) => frame.includes('event: message_delta')) + 1;
    const bytes = (frames: string[]) => new TextEncoder().encode(frames.join(''));
    let body: ReadableStreamDefaultController<Uint8Array> | undefined;
    let connected = (): void => {};
    const open = new Promise<void>((resolve) => {
      connected = resolve;
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const run = RunStream.follow(async () => {
        connected();
        return new Response(
          new ReadableStream({
            start: (controller) => {
              controller.enqueue(bytes(FRAMES.slice(0, at)));
              body = controller;
            },
          }),
        );
      });
      const events = all(run.events);
      await open;
      // A response that waits alone would be complete after 5 s, and be closed.
      await vi.advanceTimersByTimeAsync(20_000);
      body?.enqueue(bytes(FRAMES.slice(at)));
      expect(await events).toEqual(EVENTS);
    } finally {
      vi.useRealTimers();
    }
  });

  it('gives up where nothing brings progress', async () => {
    const { run } = await follow(
      (response, _, count) => {
        if (count === 1) response.write(FRAMES.slice(0, 4).join(''));
        const timer = setInterval(() => response.write(': keep-alive\n\n'), 20);
        response.on('close', () => clearInterval(timer));
      },
      { timeout: { stall: 500 } },
    );
    const error = (await failure(run.untilDone())) as APITimeoutError;
    expect(error).toBeInstanceOf(APITimeoutError);
    expect(error).toMatchObject({ phase: 'stall' });
    expect(error.partialMessage?.role).toBe('assistant');
  });

  it('ends after `timeout.total`, in a turn and between two, over many connections', async () => {
    const stop = FRAMES.findIndex((frame) => frame.includes('event: message_stop'));
    for (const at of [4, stop + 1]) {
      const { run, ids } = await follow(
        (response, id) => {
          response.write(`retry: 1\n\n${id === undefined ? FRAMES.slice(0, at).join('') : ''}`);
          const timer = setInterval(() => response.write(': keep-alive\n\n'), 20);
          response.on('close', () => clearInterval(timer));
          if (ids.length < 3) setTimeout(() => response.end(), 100);
        },
        { timeout: { total: 600 } },
      );
      const error = await failure(run.untilDone());
      expect(error).toMatchObject({ name: 'APITimeoutError', phase: 'total' });
      expect(ids.length).toBeGreaterThan(1);
    }
  });

  it('rejects at once for a run that is refused', async () => {
    const { run, ids } = await follow((response) => {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end('{"type":"error","error":{"type":"not_found_error","message":"no"}}');
    });
    const error = await failure(all(run.events));
    expect(error).toBeInstanceOf(NotFoundError);
    expect(await failure(run.getFinalMessage())).toBe(error);
    expect(ids).toHaveLength(1);
  });

  it('rejects with what is missing for 204 before the end', async () => {
    const { run } = await follow((response, _, count) => {
      if (count === 1) response.end(FRAMES.slice(0, 5).join(''));
      else response.writeHead(204).end();
    });
    const error = (await failure(run.untilDone())) as StreamTruncatedError;
    expect(error).toBeInstanceOf(StreamTruncatedError);
    expect(error.partialMessage?.content).toHaveLength(1);
  });

  it('tries again while the server is busy', async () => {
    const { run, ids } = await follow((response, id, count) => {
      if (count === 1) response.writeHead(503, { 'retry-after-ms': '1' }).end();
      else response.end(rest(FRAMES, id).join(''));
    });
    await expectWhole(run);
    expect(ids).toHaveLength(2);
  });

  it('ends with what the run ended with, over any number of connections', async () => {
    const ends: [replies: readonly Reply[], options: object, error: unknown][] = [
      [TALK, { maxTurns: 1 }, MaxTurnsError],
      [[TALK[0], reply.error(529)], {}, { status: 529 }],
    ];
    for (const [replies, options, expected] of ends) {
      const frames = await framesOf(replies, options);
      for (const at of [3, frames.length - 1]) {
        const { run, ids } = await follow((response, id, count) => {
          if (count === 1) cut(response, frames.slice(0, at).join(''));
          else response.end(rest(frames, id).join(''));
        });
        const error = await failure(run.untilDone());
        if (typeof expected === 'function') expect(error).toBeInstanceOf(expected);
        else expect(error).toMatchObject(expected as object);
        expect(run.messages.map(({ role }) => role)).toEqual(['assistant', 'user']);
        expect(ids).toHaveLength(2);
      }
    }
  });

  it('reads a message as a run of one turn', async () => {
    const { fetch } = createEmulator({ replies: [reply.text('Hello there.')] });
    const relay = createRelay({ client: new Anthropic({ apiKey: 'key', fetch }) });
    const stream = await relay.start('a', PARAMS);
    await stream.untilDone();
    const text = await (await relay.handle(new Request('http://host/'), 'a')).text();
    const frames = text.split(/(?<=\n\n)/).slice(1);
    for (let at = 1; at <= frames.length; at++) {
      const { run } = await follow((response, id, count) => {
        if (count === 1) response.end(frames.slice(0, at).join(''));
        else response.end(rest(frames, id).join(''));
      });
      expect(await run.getFinalText()).toBe('Hello there.');
    }
  });

  it('repeats nothing where events have no ids', async () => {
    const { run, ids } = await follow((response) => {
      response.end(
        FRAMES.slice(0, 6)
          .join('')
          .replace(/^id: .*\n/gm, ''),
      );
    });
    expect(await failure(run.untilDone())).toBeInstanceOf(StreamTruncatedError);
    expect(ids).toHaveLength(1);
  });

  it('rejects for a body that is no event stream', async () => {
    const { run, ids } = await follow((response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<html>Sign in</html>');
    });
    expect(await failure(run.untilDone())).toBeInstanceOf(StreamProtocolError);
    expect(ids).toHaveLength(1);
  });

  it('rejects with the error in a body that could be a message', async () => {
    const { run, ids } = await follow((response) => {
      response.setHeader('content-type', 'application/json');
      const error = { type: 'permission_error', message: 'not yours' };
      response.end(JSON.stringify({ type: 'error', error, content: [], stop_reason: null }));
    });
    expect(await failure(run.untilDone())).toBeInstanceOf(PermissionDeniedError);
    expect(ids).toHaveLength(1);
  });

  it('is left by close(), a signal and a break, which frees the socket', async () => {
    const leave: ((run: RunStream, controller: AbortController) => void)[] = [
      (run) => run.close(),
      (_, controller) => controller.abort(),
    ];
    for (const end of leave) {
      const controller = new AbortController();
      let closed = Promise.resolve();
      const { run } = await follow(
        (response) => {
          closed = once(response, 'close').then(() => {});
          response.write(FRAMES.slice(0, 9).join(''));
        },
        { signal: controller.signal },
      );
      const events: unknown[] = [];
      const error = await failure(
        (async () => {
          for await (const event of run.events) if (events.push(event) === 4) end(run, controller);
        })(),
      );
      expect(error).toBeInstanceOf(APIUserAbortError);
      await closed;
    }
  });

  it('is left while it waits for a connection, also one that ignores its signal', async () => {
    const run = RunStream.follow(() => new Promise<Response>(() => {}));
    const text = run.getFinalText();
    await new Promise((resolve) => setTimeout(resolve));
    run.close();
    await expect(text).rejects.toBeInstanceOf(APIUserAbortError);
    await expect(run.getFinalText()).rejects.toBeInstanceOf(APIUserAbortError);
  });

  it('is left before it is read, and then sends nothing', async () => {
    const { run, ids } = await follow((response) => response.end(FRAMES.join('')));
    run.close();
    await expect(run.getFinalText()).rejects.toBeInstanceOf(APIUserAbortError);
    expect(ids).toEqual([]);
  });

  it('has the calls of each connection once', async () => {
    const { run } = await follow((response, id) => {
      response.end(rest(FRAMES, id).slice(0, 3).join(''));
    });
    const results: ToolResultEvent[] = [];
    run.on('toolResult', (event) => results.push(event));
    await run.untilDone();
    await new Promise<void>((resolve) => run.on('end', resolve));
    expect(results.map(({ toolUse }) => toolUse.id)).toEqual(['toolu_1', 'toolu_2']);
  });

  it('says what is wrong with its arguments', () => {
    const wrong = RunStream.follow as (open: unknown, options?: object) => RunStream;
    expect(() => wrong('/run')).toThrow(/RunStream.follow takes a function, not "\/run": write/);
    expect(() => wrong(() => {}, { signl: 1 })).toThrow(/unknown option 'signl'/);
  });
});
