import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { blockStart, delta, messageStart, sse, type WireEvent } from '../contract/wire.js';

const script = fileURLToPath(new URL('retained.mjs', import.meta.url));

const DELTAS = 2_000;
const PIECE = 'x'.repeat(20);

const KINDS: Readonly<Record<string, readonly [block: object, delta: object]>> = {
  text: [
    { type: 'text', text: '' },
    { type: 'text_delta', text: PIECE },
  ],
  tool: [
    { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
    { type: 'input_json_delta', partial_json: PIECE },
  ],
};

// 40 KB of it, and 22 KB that any open stream holds. Pieces that are cut out of chunks keep the chunks: 380 KB,
// where nothing joins them. A request that can't be tried again is let go.
it.each([
  ['text', 0],
  ['tool', 0],
  ['text', 200_000],
])(
  'a stream with 40 KB of %s and a request of %i bytes holds at most 82 KB',
  async (kind, size) => {
    const [block, change] = KINDS[kind] as (typeof KINDS)[string] & object;
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(sse(messageStart(), blockStart(0, block as WireEvent)));
      const deltas = sse(...Array<WireEvent>(40).fill(delta(0, change as WireEvent)));
      let sent = 0;
      const send = (): void => {
        response.write(deltas);
        sent += 40;
        if (sent < DELTAS) setTimeout(send, 1);
      };
      send();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const args = ['--expose-gc', script, `http://127.0.0.1:${port}`, kind, `${DELTAS}`, `${size}`];
    try {
      const { stdout } = await promisify(execFile)(process.execPath, args);
      const bytes = Number(stdout);
      expect(bytes).toBeGreaterThan(DELTAS * PIECE.length);
      expect(bytes).toBeLessThan(82_000);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  },
);
