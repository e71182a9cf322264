import type { Faults } from '../emulator/emulator.js';
import type { Fault, Phase, Place } from '../model/fault.js';
import { fault } from './fault.js';
import { randomFaults } from './random-faults.js';

/**
 * Faults from one line, such as `crlf,pause=500@text,cut@120`: names with a value and a place, where
 * they have one. A place is a byte, `event:3`, `event:message_stop` or a phase. `random=7` alone is
 * the plan of that seed.
 * @throws TypeError that names what can be written.
 */
export function parseFaults(spec: string): Faults {
  const seed = /^random=(\d+)$/.exec(spec.trim())?.[1];
  if (seed !== undefined) return randomFaults(Number(seed));
  return spec.split(',').map((item) => parse(item.trim()));
}

function parse(item: string): Fault {
  const [, name = '', value = '', where = ''] =
    /^([a-z-]+)(?:=([^@]+))?(?:@(.+))?$/.exec(item) ?? [];
  if (Object.hasOwn(FORMS, name)) {
    const [values, places, make] = FORMS[name] as Form;
    const place = placeOf(where);
    const isPlace = place !== undefined || where === '';
    if (isPlace && PLACES[places](where) && VALUES[values].test(value)) return make(value, place);
  }
  const forms = Object.entries(FORMS).map(([name, [value, place]]) => `${name}${value}${place}`);
  throw new TypeError(
    `'${item}' is no fault: write one of ${forms.join(', ')}; or random=N alone. N is a number; WHERE is a byte, event:3, event:message_stop, ${PHASES.join(', ')}`,
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

function placeOf(where: string): Place | undefined {
  if (/^\d+$/.test(where)) return { byte: Number(where) };
  const event = /^event:(\w+)$/.exec(where)?.[1];
  if (event !== undefined) return { event: /^\d+$/.test(event) ? Number(event) : event };
  return PHASES.includes(where) ? { phase: where as Phase } : undefined;
}

/** What may follow the name of a fault as its value, in brackets where it may be left out. */
const VALUES = {
  '': /^$/,
  '=N': /^\d+$/,
  '[=N]': /^\d*$/,
  '=N/N': /^\d+(\/\d+)*$/,
  '=TYPE': /./,
};

const PLACES = {
  '': (where: string) => where === '',
  '@WHERE': (where: string) => where !== '',
  '[@WHERE]': () => true,
};

type Form = readonly [
  value: keyof typeof VALUES,
  place: keyof typeof PLACES,
  // biome-ignore lint/suspicious/noExplicitAny: the two before say whether there is one.
  make: (value: string, place: any) => Fault,
];

const orDefault = (value: string): number | undefined => (value === '' ? undefined : Number(value));

const FORMS: Readonly<Record<string, Form>> = {
  status: ['=TYPE', '', (type) => fault.status(/^\d+$/.test(type) ? Number(type) : type)],
  error: ['=TYPE', '@WHERE', (type, place) => fault.error(type, place)],
  refuse: ['', '', () => fault.refuse()],
  reset: ['', '[@WHERE]', (_, place) => fault.reset(place)],
  stall: ['', '[@WHERE]', (_, place) => fault.stall(place)],
  pause: ['=N', '[@WHERE]', (ms, place) => fault.pause(Number(ms), place)],
  pings: ['[=N]', '@WHERE', (ms, place) => fault.pingsOnly(place, orDefault(ms))],
  drip: ['=N', '[@WHERE]', (ms, place) => fault.drip(Number(ms), place)],
  cut: ['', '@WHERE', (_, place) => fault.cut(place)],
  garbage: ['', '@WHERE', (_, place) => fault.garbage(place)],
  'duplicate-start': ['', '', () => fault.duplicateStart()],
  'wrong-order': ['[=N]', '', (event) => fault.wrongOrder(orDefault(event))],
  chunks: ['=N/N', '', (sizes) => fault.chunks(...sizes.split('/').map(Number))],
  crlf: ['', '', () => fault.lineEnds('\r\n')],
  cr: ['', '', () => fault.lineEnds('\r')],
  bom: ['', '', () => fault.bom()],
  comments: ['', '', () => fault.comments()],
  'data-only': ['', '', () => fault.dataOnly()],
  'no-space': ['', '', () => fault.noSpace()],
  'split-data': ['', '', () => fault.splitData()],
  'no-final-blank-line': ['', '', () => fault.noFinalBlankLine()],
  'left-open': ['', '', () => fault.leftOpen()],
  json: ['', '', () => fault.json()],
  gzip: ['', '', () => fault.gzip()],
};
