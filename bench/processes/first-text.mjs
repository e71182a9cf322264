/*
 * Reads streams one after the other whose first text says when it was written; tells how much later it
 * was in a reader's hands, in µs, once for each. Arguments: candidate, URL, streams.
 */
import { load } from '../harness/candidates.mjs';

/** The way to the first text that each client's readme shows. */
const FIRST_TEXT = {
  millrace: async ({ open }, seen) => {
    for await (const text of open().textStream) seen(text);
  },
  '@anthropic-ai/sdk': async ({ open }, seen) => {
    for await (const event of open()) {
      if (event.type === 'content_block_delta') seen(event.delta.text);
    }
  },
  'AI SDK': async ({ open }, seen) => {
    for await (const text of open().textStream) seen(text);
  },
  fetch: async ({ open }, seen) => {
    const decoder = new TextDecoder();
    for await (const chunk of open()) {
      const text = /"text":"(\d+)"/.exec(decoder.decode(chunk))?.[1];
      if (text !== undefined) seen(text);
    }
  },
};

const [candidate, baseURL, streams] = process.argv.slice(2);
const client = await load(candidate, { baseURL });
const delays = [];
const seen = (text) => delays.push(Number(process.hrtime.bigint() - BigInt(text)) / 1_000);

const WARMUPS = 10;
for (let i = 0; i < WARMUPS + Number(streams); i++) await FIRST_TEXT[candidate](client, seen);
process.send({ delays: delays.slice(WARMUPS) });
