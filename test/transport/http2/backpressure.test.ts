import { describe, expect, it, vi } from 'vitest';
import { Anthropic } from '../../../src/client.js';
import { messageStart, sse, textBlock, textDelta } from '../../contract/wire.js';
import { PARAMS } from '../../stream/support.js';
import { CERTIFICATE } from '../../support/certificate.js';
import { http2Server, type Play } from '../../support/http2-server.js';

const READERS = 50;
/** What a stream that stands still may hold, read ahead and in its window, and the frames around it. */
const MOST = 160_000;
const START = sse(messageStart(), ...textBlock(0).slice(0, 1));
const PIECE = sse(textDelta(0, 'x'.repeat(8_000)));

/** Sends as much as the client takes. */
function endless(sent: number[]): Play {
  return (stream) => {
    const n = sent.push(0) - 1;
    stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
    const write = (text: string): void => {
      stream.write(text, () => {
        sent[n] = (sent[n] ?? 0) + text.length;
        if (!stream.destroyed) write(PIECE);
      });
    };
    write(START);
  };
}

describe(`${READERS} readers that stand still in one connection`, () => {
  it('hold little each, and another reads on', async () => {
    const sent: number[] = [];
    await using server = await http2Server(endless(sent));
    const client = new Anthropic({
      apiKey: 'key',
      baseURL: server.url,
      tls: { ca: CERTIFICATE.cert },
    });
    const open = async (): Promise<AsyncIterator<string>> => {
      const reader = client.messages.stream(PARAMS).textStream[Symbol.asyncIterator]();
      await reader.next();
      return reader;
    };
    const still = await Promise.all(Array.from({ length: READERS }, open));
    await vi.waitFor(() => expect(Math.min(...sent)).toBeGreaterThan(64_000));
    const reader = await open();
    for (let read = 0; read < 5_000_000; ) read += (await reader.next()).value.length;
    expect(server.sockets).toBe(1);
    expect(Math.max(...sent.slice(0, READERS))).toBeLessThan(MOST);
    expect(sent[READERS]).toBeGreaterThan(5_000_000);
    for (const each of [...still, reader]) await each.return?.();
  });
});
