import type { EmulatorRequest } from '../model/request.js';

/**
 * Which requests are meant: those whose last turn has this text or fits this expression, whose params
 * have these values (objects may have more fields, lists are whole), or for which a function says so.
 */
export type Match =
  | string
  | RegExp
  | { readonly [param: string]: unknown }
  | ((request: EmulatorRequest) => boolean);

export function isMatch(match: Match, request: EmulatorRequest): boolean {
  if (typeof match === 'function') return match(request);
  if (typeof match === 'string') return lastText(request).includes(match);
  if (match instanceof RegExp) return lastText(request).search(match) !== -1;
  return fits(match, request.body);
}

/** The texts of the last turn, tool results included. */
function lastText({ body }: EmulatorRequest): string {
  return textIn(body?.messages?.at(-1)?.content);
}

function textIn(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((block) => block?.text ?? textIn(block?.content)).join('\n');
}

function fits(wanted: unknown, given: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return wanted === given;
  if (typeof given !== 'object' || given === null) return false;
  if (Array.isArray(wanted) && wanted.length !== (given as unknown[]).length) return false;
  return Object.entries(wanted).every(([field, value]) =>
    fits(value, (given as Record<string, unknown>)[field]),
  );
}
