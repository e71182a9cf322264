import { AnthropicError } from '../errors.js';
import { REQUEST_OPTIONS, RUNNER_OPTIONS, STREAM_OPTIONS } from './request-options.js';

/** What the methods are called, in messages. */
export type Method =
  | 'messages.create'
  | 'messages.stream'
  | 'messages.countTokens'
  | 'messages.toolRunner'
  | 'messages.batches.create';

/** The options that a name means: ours, in Python's spelling too, and names that they have elsewhere. */
const OPTION_BY_NAME: ReadonlyMap<string, string> = new Map([
  ...Object.keys(RUNNER_OPTIONS).flatMap((option): [string, string][] => [
    [option, option],
    [option.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), option],
  ]),
  ['headers', 'extraHeaders'],
  ['max_iterations', 'maxTurns'],
]);

/**
 * Refuses options among the params, in Python's spelling too: the API would get them as part of the body.
 * @throws AnthropicError that says where the option belongs.
 */
export function refuseMisplaced(params: object, method: Method): void {
  for (const name of Object.keys(params)) {
    const option = OPTION_BY_NAME.get(name);
    if (option === undefined || (params as Record<string, unknown>)[name] === undefined) continue;
    const what = option === name ? `${name} is an option` : `${name} is the option ${option}`;
    const where = `${methodWith(option, method)}(params, { ${option} })`;
    throw new AnthropicError(`${what}, not a param: write ${where}`);
  }
}

/** The method to call with an option: the one that was called, if it has it. */
function methodWith(option: string, method: Method): Method {
  if (Object.hasOwn(REQUEST_OPTIONS, option) || method === 'messages.toolRunner') return method;
  return Object.hasOwn(STREAM_OPTIONS, option) ? 'messages.stream' : 'messages.toolRunner';
}
