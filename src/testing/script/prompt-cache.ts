import { getTtl, toPromptParts } from '../check/cache-control.js';
import { REMEMBERED, Recent } from '../model/recent.js';
import type { EmulatorParams } from '../model/request.js';
import { CHARACTERS_PER_TOKEN } from '../model/tokens.js';
import type { Clock } from '../time/clock.js';

/** How much of a prompt was in the cache, and how much was written to it, in tokens. */
export interface CacheUse {
  readonly read: number;
  readonly written: Readonly<Record<'5m' | '1h', number>>;
}

/** Nothing is cached. */
export const NO_CACHE: CacheUse = { read: 0, written: { '5m': 0, '1h': 0 } };

/** The shortest prompt that is cached. The API's own minimum depends on the model. */
const MIN_TOKENS = 1024;

/** How many blocks before a breakpoint the API looks for what it has cached. */
const LOOK_BACK = 20;

const LIFETIME = { '5m': 300_000, '1h': 3_600_000 };

/** The prompts that `cache_control` stores, up to each breakpoint. */
export function createPromptCache(clock: Clock): (params: EmulatorParams) => CacheUse {
  const ends = new Recent<number>(REMEMBERED);
  const isCached = ({ key }: Boundary): boolean => (ends.get(key) ?? 0) > clock.now();
  return (params) => {
    const boundaries = toBoundaries(params);
    const breakpoints = boundaries.filter(({ ttl, tokens }) => ttl && tokens >= MIN_TOKENS);
    if (breakpoints.length === 0) return NO_CACHE;
    let read = 0;
    for (const { at } of breakpoints) {
      const reach = boundaries.slice(Math.max(0, at - LOOK_BACK), at + 1);
      read = Math.max(read, reach.findLast(isCached)?.tokens ?? 0);
    }
    const written = { '5m': 0, '1h': 0 };
    let until = read;
    for (const { key, tokens, ttl = '5m' } of breakpoints) {
      written[ttl] += Math.max(0, tokens - until);
      until = Math.max(until, tokens);
      ends.set(key, clock.now() + LIFETIME[ttl], key.length);
    }
    return { read, written };
  };
}

/** The end of a block of the prompt. */
interface Boundary {
  readonly at: number;
  /** Equal for equal prompts up to here. */
  readonly key: string;
  readonly tokens: number;
  readonly ttl: '5m' | '1h' | undefined;
}

function toBoundaries(params: EmulatorParams): Boundary[] {
  const boundaries: Boundary[] = [];
  const hash = createHash(params.model);
  let length = 0;
  let inner: Boundary['ttl'];
  for (const { part, ttl } of toPromptParts(params)) {
    // A breakpoint inside a tool result counts at the end of the result.
    if (part === null) {
      inner = ttl;
      continue;
    }
    const text = JSON.stringify(toBlock(part), (name, value) =>
      name === 'cache_control' ? undefined : value,
    );
    length += text.length;
    boundaries.push({
      at: boundaries.length,
      key: hash(text),
      tokens: Math.ceil(length / CHARACTERS_PER_TOKEN),
      ttl: ttl ?? inner,
    });
    inner = undefined;
  }
  const last = boundaries.pop();
  if (last === undefined) return [];
  return [...boundaries, { ...last, ttl: last.ttl ?? getTtl(params.cache_control) }];
}

const toBlock = (part: unknown): unknown =>
  typeof part === 'string' ? { type: 'text', text: part } : part;

/** Two rounds of FNV-1a over all texts so far. */
function createHash(seed: string): (text: string) => string {
  let [one, other] = [0x811c9dc5, 0x01000193];
  const add = (text: string): string => {
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      one = Math.imul(one ^ code, 0x01000193);
      other = Math.imul(other ^ code, 0x85ebca6b);
    }
    return `${one}:${other}`;
  };
  add(seed);
  return add;
}
