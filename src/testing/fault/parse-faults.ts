import type { Fault, Faults, Phase, Place } from '../model/fault.js';
import { FAULTS } from './fault.js';
import type { FaultSpec } from './fault-row.js';
import { randomFaults } from './random-faults.js';

/**
 * Reads faults from one line, such as `crlf,pause=500@text,cut@120`: names, with a value and a place
 * if they have one. A place is a byte, `event:3`, `event:message_stop` or a phase. `random=7` alone is
 * the random plan of that seed.
 * @throws TypeError that lists what can be written.
 */
export function parseFaults(spec: string): Faults {
  const seed = /^random=(\d+)$/.exec(spec.trim())?.[1];
  if (seed !== undefined) return randomFaults(Number(seed));
  return spec.split(',').map((item) => parse(item.trim()));
}

function parse(item: string): Fault {
  const [, name = '', value = '', where = ''] =
    /^([a-z-]+)(?:=([^@]+))?(?:@(.+))?$/.exec(item) ?? [];
  const specs = new Map(Object.values(FAULTS).flatMap((row) => Object.entries(row.specs)));
  const spec = specs.get(name);
  if (spec !== undefined) {
    const [values, places, make] = spec;
    const place = parsePlace(where);
    const isPlace = place !== undefined || where === '';
    if (isPlace && PLACES[places](where) && VALUES[values].test(value)) return make(value, place);
  }
  const forms = [...specs].map(([name, [value, place]]) => `${name}${value}${place}`);
  throw new TypeError(
    `'${item}' is not a fault: write one of ${forms.join(', ')}; or random=N alone. N is a number; WHERE is a byte, event:3, event:message_stop, ${PHASES.join(', ')}`,
  );
}

const PHASES: readonly string[] = [
  'headers',
  'text',
  'thinking',
  'tool_input',
  'between_blocks',
  'end',
] satisfies Phase[];

function parsePlace(where: string): Place | undefined {
  if (/^\d+$/.test(where)) return { byte: Number(where) };
  const event = /^event:(\w+)$/.exec(where)?.[1];
  if (event !== undefined) return { event: /^\d+$/.test(event) ? Number(event) : event };
  return PHASES.includes(where) ? { phase: where as Phase } : undefined;
}

const VALUES: Readonly<Record<FaultSpec[0], RegExp>> = {
  '': /^$/,
  '=N': /^\d+$/,
  '[=N]': /^\d*$/,
  '=N/N': /^\d+(\/\d+)*$/,
  '=TYPE': /./,
};

const PLACES: Readonly<Record<FaultSpec[1], (where: string) => boolean>> = {
  '': (where) => where === '',
  '@WHERE': (where) => where !== '',
  '[@WHERE]': () => true,
};
