import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { NETWORK } from './network.mjs';

/* What the server plays for the cases of network.mjs. In a file of its own: pages have no node:zlib. */

const event = (it) => `event: ${it.type}\ndata: ${JSON.stringify(it)}\n\n`;
const delta = (text) =>
  event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });

const START =
  event({
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 1, output_tokens: 1 },
    },
  }) + event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
const STOP =
  event({ type: 'content_block_stop', index: 0 }) +
  event({
    type: 'message_delta',
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { output_tokens: 5 },
  }) +
  event({ type: 'message_stop' });
const HELLO = `${START}${delta('Hello, wörld 🌍')}${STOP}`;
const LARGE = delta('x'.repeat(1 << 20));

const encoded = (coding, bytes) => ({ headers: { 'content-encoding': coding }, body: [bytes] });

function* bytesOf(text) {
  for (const byte of Buffer.from(text)) yield Uint8Array.of(byte);
}

/** Each kind of script that a case names. */
const SCRIPTS = {
  hello: { body: [HELLO] },
  silent: { body: [START, delta('Hello')], end: 'hang' },
  mute: { status: 'none', end: 'hang' },
  'late end': { body: [HELLO], end: 'hang' },
  reset: { body: [START + delta('Hello')], end: 'reset' },
  cut: { body: [START + delta('Hello')] },
  'no head': { status: 'none', end: 'reset' },
  bytes: { body: bytesOf },
  large: { body: [START, ...Array(20).fill(LARGE), STOP] },
  gzip: encoded('gzip', gzipSync(HELLO)),
  br: encoded('br', brotliCompressSync(HELLO)),
  deflate: encoded('deflate', deflateSync(HELLO)),
  'half of gzip': encoded('gzip', gzipSync(HELLO).subarray(0, -20)),
  ...Object.fromEntries(
    [301, 302, 303, 307, 308].map((status) => [
      status,
      { status, headers: { location: '/elsewhere' }, body: [] },
    ]),
  ),
};

/** For the contract server, which plays by number. */
export const NETWORK_SCRIPTS = NETWORK.map(({ plays }) => {
  const script = SCRIPTS[plays];
  return {
    get script() {
      return { ...script, body: script.body === bytesOf ? bytesOf(HELLO) : script.body };
    },
  };
});
