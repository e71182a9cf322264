import { random } from './random.js';

/** The ids of one emulator. They look like the API's, and two emulators with one seed give the same. */
export interface Ids {
  /** @param request counts from 1, refused requests included. */
  request(request: number): string;
  /** @param reply counts from 1. */
  message(reply: number): string;
  /** @param index the block's place in its message. */
  block(type: string, reply: number, index: number): string;
}

const LENGTH = 22;
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** What the ids of a block begin with, by its type. */
const PREFIXES: ReadonlyMap<string, string> = new Map([
  ['server_tool_use', 'srvtoolu_01'],
  ['mcp_tool_use', 'mcptoolu_01'],
]);

/** @param seed undefined: the ids count, which reads well in a test that failed. */
export function createIds(seed: number | undefined): Ids {
  const rest =
    seed === undefined
      ? (_: string, digits: string) => digits.padStart(LENGTH, '0')
      : (prefix: string, digits: string) => drawn(`${prefix}${digits}`, seed);
  const id = (prefix: string, digits: string): string => prefix + rest(prefix, digits);
  return {
    request: (request) => id('req_01', String(request)),
    message: (reply) => id('msg_01', String(reply)),
    block: (type, reply, index) =>
      id(PREFIXES.get(type) ?? 'toolu_01', `${reply}${String(index).padStart(3, '0')}`),
  };
}

function drawn(name: string, seed: number): string {
  let start = seed;
  for (const character of name) start = Math.imul(start, 31) + character.charCodeAt(0);
  const next = random(start);
  return Array.from({ length: LENGTH }, () => ALPHABET[Math.floor(next() * ALPHABET.length)]).join(
    '',
  );
}
