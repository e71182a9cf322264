import type { EmulatorParams } from '../model/request.js';
import { fields, oneOf, problem, type Rule, tagged } from './rules.js';

/** The field `cache_control` of a block, a tool or a request. */
export const cacheControl: Rule = tagged({ ephemeral: fields({}, { ttl: oneOf('5m', '1h') }) });

const MAX_BREAKPOINTS = 4;

/** Something of a prompt that may have `cache_control`, in the order in which it is cached. */
export interface PromptPart {
  readonly part: unknown;
  readonly path: string;
  /** Counts from 0; the part of a nested block is that of its block. */
  readonly ttl: '5m' | '1h' | undefined;
}

/** The tools, the system prompt and the blocks of a prompt, in the order in which it is cached. */
export function* toPromptParts({ tools, system, messages }: EmulatorParams): Generator<PromptPart> {
  yield* toParts(tools, 'tools');
  yield* toParts(system, 'system');
  for (const [at, { content }] of messages.entries()) {
    yield* toParts(content, `messages.${at}.content`);
  }
}

function* toParts(list: unknown, path: string): Generator<PromptPart> {
  const parts = typeof list === 'string' ? [list] : Array.isArray(list) ? list : [];
  for (const [at, part] of parts.entries()) {
    if (Array.isArray(part?.content) && part.type === 'tool_result') {
      for (const inner of toParts(part.content, `${path}.${at}.content`)) {
        if (inner.ttl !== undefined) yield { ...inner, part: null };
      }
    }
    yield { part, path: `${path}.${at}`, ttl: getTtl(part?.cache_control) };
  }
}

export function getTtl(control: unknown): PromptPart['ttl'] {
  if (control == null) return undefined;
  return (control as { ttl?: string }).ttl === '1h' ? '1h' : '5m';
}

/** At most four breakpoints; the long-lived ones first. */
export function checkBreakpoints(params: EmulatorParams): string | undefined {
  let count = getTtl(params.cache_control) === undefined ? 0 : 1;
  let hasShort = false;
  let misplaced: string | undefined;
  for (const { path, ttl } of toPromptParts(params)) {
    if (ttl === undefined) continue;
    count++;
    if (ttl === '1h' && hasShort) misplaced ??= path;
    if (ttl === '5m') hasShort = true;
  }
  if (count > MAX_BREAKPOINTS) {
    return `A maximum of 4 blocks with cache_control may be provided. Found ${count}.`;
  }
  return misplaced === undefined
    ? undefined
    : problem(
        `${misplaced}.cache_control.ttl`,
        "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: `tools`, `system`, `messages`.",
      );
}
