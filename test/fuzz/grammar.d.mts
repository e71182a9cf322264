import type { Random } from './random.mjs';

/** A response: its status, its content type, and its body in pieces. */
export interface Hostile {
  status: number;
  type: string;
  chunks: Generator<Buffer>;
}

/** @param bytes how long it may become, more or less. */
export function hostile(random: Random, bytes: number): Hostile;
