import type { Faults } from './emulator.js';
import { fault } from './fault.js';
import type { Fault, Phase, Place } from './fault-kinds.js';
import { randomFaults } from './random-faults.js';

/**
 * Faults from one line, such as `crlf,pause=500@text,cut@120`: names with a value and a place, where
 * they have one. A place is a byte, `event:3`, the type of an event, or a phase. `random=7` alone is
 * the plan of that seed.
 * @throws TypeError that names what can be written.
 */
export function parseFaults(spec: string): Faults {
  const items = spec.split(',').map((item) => item.trim());
  const seed = /^random=(\d+)$/.exec(spec.trim())?.[1];
  return seed === undefined ? items.filter(Boolean).map(parse) : randomFaults(Number(seed));
}

function parse(item: string): Fault {
  const [, name = '', value, where] = /^([a-z-]+)(?:=([^@]+))?(?:@(.+))?$/.exec(item) ?? [];
  const make = Object.hasOwn(MAKERS, name) ? MAKERS[name] : undefined;
  const made = make?.(value, where === undefined ? undefined : placeOf(where));
  if (made !== undefined) return made;
  throw new TypeError(
    `'${item}' is no fault: write one of ${Object.keys(MAKERS).join(', ')}, with =value and @place where it has them, such as cut@120 or pause=500@text`,
  );
}

const PHASES: ReadonlySet<string> = new Set<Phase>([
  'headers',
  'text',
  'thinking',
  'tool_input',
  'between_blocks',
  'end',
]);

function placeOf(where: string): Place {
  if (/^\d+$/.test(where)) return { byte: Number(where) };
  const event = /^event:(\d+)$/.exec(where)?.[1];
  if (event !== undefined) return { event: Number(event) };
  return PHASES.has(where) ? { phase: where as Phase } : { event: where };
}

/** Gives no fault where it lacks what it needs. */
type Make = (value: string | undefined, place: Place | undefined) => Fault | undefined;

const count = (value: string | undefined): number | undefined =>
  value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;

const MAKERS: Readonly<Record<string, Make>> = {
  status: (value) => (value ? fault.status(count(value) ?? value) : undefined),
  error: (value, place) => (value && place ? fault.error(value, place) : undefined),
  refuse: () => fault.refuse(),
  reset: (_, place) => fault.reset(place),
  stall: (_, place) => fault.stall(place),
  pause: (value, place) =>
    count(value) === undefined ? undefined : fault.pause(Number(value), place),
  pings: (value, place) => place && fault.pingsOnly(place, count(value)),
  drip: (value, place) =>
    count(value) === undefined ? undefined : fault.drip(Number(value), place),
  cut: (_, place) => place && fault.cut(place),
  garbage: (_, place) => place && fault.garbage(place),
  'duplicate-start': () => fault.duplicateStart(),
  'wrong-order': (value) => fault.wrongOrder(count(value)),
  chunks: (value) => (value ? fault.chunks(...value.split('/').map(Number)) : undefined),
  crlf: () => fault.lineEnds('\r\n'),
  cr: () => fault.lineEnds('\r'),
  bom: () => fault.bom(),
  comments: () => fault.comments(),
  'data-only': () => fault.dataOnly(),
  'no-space': () => fault.noSpace(),
  'split-data': () => fault.splitData(),
  'no-final-blank-line': () => fault.noFinalBlankLine(),
  'left-open': () => fault.leftOpen(),
  json: () => fault.json(),
  gzip: () => fault.gzip(),
};
