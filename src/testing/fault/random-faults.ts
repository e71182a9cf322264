import type { Fault, Phase } from '../model/fault.js';
import { random } from '../model/random.js';
import { fault } from './fault.js';

export interface RandomFaultsOptions {
  /** How many of the answers have one, from 0 to 1. Default 0.5. */
  rate?: number;
  /** Those to draw from, each asked for a fault of its kind. Default: all that end by themselves. */
  kinds?: readonly ((draw: Draw) => Fault)[];
}

/** Draws a whole number from 0 to below `n`. */
export type Draw = (n: number) => number;

/**
 * A plan for soak tests: what goes wrong with the n-th answer. The same seed and number give the same
 * fault, whatever was asked before. None of the usual kinds hangs: a client needs no timeout.
 */
export function randomFaults(
  seed: number,
  { rate = 0.5, kinds = USUAL }: RandomFaultsOptions = {},
): (number: number) => readonly Fault[] {
  return (number) => {
    const next = random(Math.imul(seed, 2_654_435_761) + number);
    const draw: Draw = (n) => Math.floor(next() * n);
    if (next() >= rate) return [];
    const kind = kinds[draw(kinds.length)];
    return kind === undefined ? [] : [kind(draw)];
  };
}

const PHASES: readonly Phase[] = ['headers', 'text', 'between_blocks', 'end'];
const STATUSES = [408, 429, 500, 503, 529];
const MOST_BYTES = 2000;

const place = (draw: Draw) =>
  draw(2) === 0 ? { byte: draw(MOST_BYTES) } : { phase: PHASES[draw(PHASES.length)] ?? 'text' };

const USUAL: readonly ((draw: Draw) => Fault)[] = [
  (draw) => fault.status(STATUSES[draw(STATUSES.length)] ?? 500),
  (draw) => fault.error('overloaded_error', place(draw)),
  (draw) => fault.cut(place(draw)),
  (draw) => fault.reset(place(draw)),
  () => fault.reset(),
  () => fault.refuse(),
  (draw) => fault.garbage(place(draw)),
  (draw) => fault.chunks(1 + draw(64)),
  () => fault.lineEnds('\r\n'),
  () => fault.lineEnds('\r'),
  () => fault.bom(),
  () => fault.comments(),
  () => fault.dataOnly(),
  () => fault.noSpace(),
  () => fault.splitData(),
  () => fault.noFinalBlankLine(),
  () => fault.duplicateStart(),
  (draw) => fault.wrongOrder(2 + draw(3)),
  () => fault.json(),
];
