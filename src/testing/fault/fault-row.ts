import type { Fault, Phase, Place } from '../model/fault.js';

/** One kind of fault: its function, how it is written in a line, and how it is drawn at random. */
export interface FaultRow<Make> {
  readonly make: Make;
  /** By the name in a line. */
  readonly specs: Readonly<Record<string, FaultSpec>>;
  /** None for faults that can make a request wait: a random plan needs no timeout. */
  readonly draws?: readonly ((draw: Draw) => Fault)[];
}

/** The value and the place that follow a name, in brackets if optional, and how to create the fault. */
export type FaultSpec = readonly [
  value: '' | '=N' | '[=N]' | '=N/N' | '=TYPE',
  place: '' | '@WHERE' | '[@WHERE]',
  // biome-ignore lint/suspicious/noExplicitAny: the form before it says whether there is a place.
  make: (value: string, place: any) => Fault,
];

/** Draws an integer from 0 to below `n`. */
export type Draw = (n: number) => number;

const PHASES: readonly Phase[] = ['headers', 'text', 'between_blocks', 'end'];
const STATUSES: readonly number[] = [408, 429, 500, 503, 529];
const MAX_BYTES = 2000;

export function drawPlace(draw: Draw): Place {
  if (draw(2) === 0) return { byte: draw(MAX_BYTES) };
  return { phase: PHASES[draw(PHASES.length)] ?? 'text' };
}

export function drawStatus(draw: Draw): number {
  return STATUSES[draw(STATUSES.length)] ?? 500;
}

/** The number in a spec; undefined if it is left out. */
export function toOptionalNumber(value: string): number | undefined {
  return value === '' ? undefined : Number(value);
}
