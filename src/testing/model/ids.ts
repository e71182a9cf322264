import { createRandom } from './random.js';

/** The ids of one emulator. They look like the API's; two emulators with one seed use the same ids. */
export interface Ids {
  /** @param request counts from 1, including rejected requests. */
  request(request: number): string;
  /** @param reply counts from 1. */
  message(reply: number): string;
  /** @param batch counts from 1. */
  batch(batch: number): string;
  /** @param index the block's index in its message. */
  block(type: string, reply: number, index: number): string;
}

const LENGTH = 22;
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** The prefixes of block ids, by block type. */
const PREFIXES: ReadonlyMap<string, string> = new Map([
  ['server_tool_use', 'srvtoolu_01'],
  ['mcp_tool_use', 'mcptoolu_01'],
]);

/** @param seed undefined: the ids count up, which makes a failed test easier to read. */
export function createIds(seed: number | undefined): Ids {
  const toSuffix =
    seed === undefined
      ? (_: string, digits: string) => digits.padStart(LENGTH, '0')
      : (prefix: string, digits: string) => drawSuffix(`${prefix}${digits}`, seed);
  const toId = (prefix: string, digits: string): string => prefix + toSuffix(prefix, digits);
  return {
    request: (request) => toId('req_01', String(request)),
    message: (reply) => toId('msg_01', String(reply)),
    batch: (batch) => toId('msgbatch_01', String(batch)),
    block: (type, reply, index) =>
      toId(PREFIXES.get(type) ?? 'toolu_01', `${reply}${String(index).padStart(3, '0')}`),
  };
}

function drawSuffix(name: string, seed: number): string {
  let start = seed;
  for (const character of name) start = Math.imul(start, 31) + character.charCodeAt(0);
  const next = createRandom(start);
  return Array.from({ length: LENGTH }, () => ALPHABET[Math.floor(next() * ALPHABET.length)]).join(
    '',
  );
}
