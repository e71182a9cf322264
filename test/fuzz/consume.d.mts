import type { Hostile } from './grammar.mjs';
import type { Random } from './random.mjs';

/** What is used of the module `millrace`. */
export interface Module {
  Anthropic: unknown;
  MessageStream: unknown;
  toEvents: unknown;
  toMessageParam: unknown;
  toolInput: unknown;
}

/**
 * @returns reads a response in one of the ways in which users do, and uses what it got.
 * @throws (it) what the stream threw.
 */
export function consumersOf(millrace: Module): (random: Random, response: Hostile) => Promise<void>;
