import type { EmulatorRequest } from '../model/request.js';

/**
 * Which requests match: a text or an expression found in the last turn, params with these values
 * (objects can have more fields, lists must be complete), or a function that returns true.
 */
export type Match =
  | string
  | RegExp
  | { readonly [param: string]: unknown }
  | ((request: EmulatorRequest) => boolean);

/** Whether a request matches. */
export function isMatch(match: Match, request: EmulatorRequest): boolean {
  if (typeof match === 'function') return match(request);
  if (typeof match === 'string') return getLastText(request).includes(match);
  if (match instanceof RegExp) return getLastText(request).search(match) !== -1;
  return contains(match, request.body);
}

/** The text of the last turn, including tool results. */
function getLastText({ body }: EmulatorRequest): string {
  return toText(body?.messages?.at(-1)?.content);
}

function toText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((block) => block?.text ?? toText(block?.content)).join('\n');
}

function contains(expected: unknown, actual: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return expected === actual;
  if (typeof actual !== 'object' || actual === null) return false;
  if (Array.isArray(expected) && expected.length !== (actual as unknown[]).length) return false;
  return Object.entries(expected).every(([field, value]) =>
    contains(value, (actual as Record<string, unknown>)[field]),
  );
}
