import type { RunParams } from './next-turn-params.js';
import type { Change, RunChanges } from './run-changes.js';
import type { RunnerTool } from './runner-options.js';
import { type Steps, wait } from './steps.js';

/** The params of the next request, and whether there must be one: with messages that were pushed, a run goes on. */
export function* applyChanges(
  changes: RunChanges,
  params: RunParams,
): Steps<{ params: RunParams; goesOn: boolean }> {
  let changed = params;
  let goesOn = false;
  // There may be more of them while one is waited for.
  for (let change = changes.take(); change !== undefined; change = changes.take()) {
    changed = yield* apply(change, changed);
    goesOn ||= 'push' in change && change.push.length > 0;
  }
  return { params: changed, goesOn };
}

function* apply(change: Change, params: RunParams): Steps<RunParams> {
  if ('push' in change) return { ...params, messages: [...params.messages, ...change.push] };
  if ('set' in change) {
    const given = typeof change.set === 'function' ? change.set(params) : change.set;
    const set = yield* wait(given, 'the function of setParams');
    const { messages = params.messages } = set;
    return { ...params, ...set, messages: [...messages] };
  }
  const tools = (params.tools ?? []) as readonly RunnerTool[];
  if ('addTools' in change) {
    // A tool with the name of another one replaces it.
    const names = new Set(change.addTools.map(({ name }) => name));
    return {
      ...params,
      tools: [...tools.filter(({ name }) => !names.has(name)), ...change.addTools],
    };
  }
  const isKept = ({ name }: RunnerTool): boolean => !change.removeTools.includes(String(name));
  return { ...params, tools: tools.filter(isKept) };
}
