import { AnthropicError } from '../errors.js';
import { REQUEST_OPTIONS, RUNNER_OPTIONS, STREAM_OPTIONS } from './request-options.js';

/** What the methods are called, in messages. */
export type Method =
  | 'messages.create'
  | 'messages.stream'
  | 'messages.countTokens'
  | 'messages.toolRunner';

/** Names of options elsewhere, which are not ours in other spelling. */
const NAMES_ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['headers', 'extraHeaders'],
  ['max_iterations', 'maxTurns'],
]);

/**
 * Refuses options among the params, in Python's spelling too: the API would get them as part of the body.
 * @throws AnthropicError that says where the option belongs.
 */
export function refuseMisplaced(params: object, method: Method): void {
  for (const [name, value] of Object.entries(params)) {
    const option = optionFor(name);
    if (value === undefined || option === undefined) continue;
    const what = option === name ? `${name} is an option` : `${name} is the option ${option}`;
    const where = `${methodWith(option, method)}(params, { ${option} })`;
    throw new AnthropicError(`${what}, not a param: write ${where}`);
  }
}

/** The option that a name means; undefined where it means none. */
function optionFor(name: string): string | undefined {
  const option =
    NAMES_ELSEWHERE.get(name) ??
    name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.hasOwn(RUNNER_OPTIONS, option) ? option : undefined;
}

/** The method to call with an option: the one that was called, if it has it. */
function methodWith(option: string, method: Method): Method {
  if (Object.hasOwn(REQUEST_OPTIONS, option) || method === 'messages.toolRunner') return method;
  return Object.hasOwn(STREAM_OPTIONS, option) ? 'messages.stream' : 'messages.toolRunner';
}
