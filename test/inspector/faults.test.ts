import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Anthropic } from '../../src/index.js';
import {
  createEmulator,
  type Fault,
  randomFaults,
  record,
  reply,
} from '../../src/testing/index.js';
import { only, told } from './derive.js';

/** What the diagnosis says of a fault that the client reads all the same, by the name of the fault. */
const ODDITIES: readonly [fault: RegExp, oddity: RegExp][] = [
  [/^crlf/, /CRLF/],
  [/^cr$/, /end with CR\./],
  [/^bom/, /byte order mark/],
  [/^comments/, /comment/],
  [/^data-only/, /without a name/],
  [/^no-space/, /no space/],
  [/^split-data/, /several data lines/],
  [/^no-final-blank-line/, /No blank line/],
  [/^duplicate-start/, /message_start came 2 times/],
  [/^json/, /no event stream/],
  [/^chunks=(?:[2-9]|[1-3]\d)$/, /in pieces of about/],
];

const text = reply.text('A mill race carries water along the bank to the wheel, nearly level.');

/** A fault in the answer to one request: what the client ends with, and what the page says of the recording. */
async function meet(fault: readonly Fault[]) {
  const settings = { replies: () => text, faults: fault };
  const dir = mkdtempSync(join(tmpdir(), 'millrace-'));
  const upstream = createEmulator(settings);
  let recording = '';
  const recorded = new Promise<void>((resolve) => {
    const onLine = (_: string, line: string): void => {
      recording += line;
      if (line.includes('"end":')) resolve();
    };
    void record({ upstream: 'https://api.test', dir, fetch: upstream.fetch, onLine }).then(
      ({ fetch }) => fetch('https://proxy.test/v1/messages', REQUEST).then(readAll, () => {}),
    );
  });
  await recorded;
  const outcome = await outcomeOf(createEmulator(settings).fetch);
  return { outcome, ...told(only(recording)) };
}

const PARAMS = {
  model: 'claude-opus-4-8',
  max_tokens: 99,
  messages: [{ role: 'user' as const, content: 'How?' }],
};

const REQUEST = {
  method: 'POST',
  headers: {
    'x-api-key': 'test',
    'anthropic-version': '2023-06-01',
    'content-type': 'application/json',
  },
  body: JSON.stringify({ ...PARAMS, stream: true }),
};

/** To the end of the body, as a client would not: it leaves with the message. */
const readAll = (response: Response): Promise<void> =>
  response.text().then(
    () => {},
    () => {},
  );

async function outcomeOf(fetch: typeof globalThis.fetch): Promise<string> {
  const client = new Anthropic({ apiKey: 'test', fetch, maxRetries: 0 });
  const stream = client.messages.stream(PARAMS);
  return stream.getFinalMessage().then(
    () => 'complete',
    (error: Error) => error.name,
  );
}

it('names what the client ends with, and the fault, for 200 faults of the emulator', async () => {
  const plan = randomFaults(20, { rate: 1 });
  const wrong: unknown[] = [];
  const seen = new Set<string>();
  for (let number = 1; number <= 200; number++) {
    const faults = plan(number);
    const name = faults.map(({ name }) => name).join();
    seen.add(name.replace(/[=@].*/, ''));
    const { outcome, facts, sentence, oddities } = await meet(faults);
    const says = outcome === 'complete' ? 'Complete' : outcome;
    if (facts.outcome !== outcome || !new RegExp(says, 'i').test(sentence)) {
      wrong.push({ name, outcome, got: facts.outcome, sentence });
    }
    const oddity = ODDITIES.find(([fault]) => fault.test(name))?.[1];
    if (oddity && !oddities.some((one) => oddity.test(one))) wrong.push({ name, oddity, oddities });
  }
  expect(wrong).toEqual([]);
  expect(seen.size).toBeGreaterThan(14);
});
