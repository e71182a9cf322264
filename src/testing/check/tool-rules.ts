import { both, byType, listOf, oneOf, problem, type Rule, shape, string } from './rules.js';

const NAME = /^[a-zA-Z0-9_-]{1,128}$/;

const name: Rule = both(string, (value, path) =>
  NAME.test(String(value))
    ? undefined
    : problem(path, `String should match pattern '${NAME.source}'`),
);

const schema: Rule = shape({ type: both(string, oneOf('object')) });

const custom: Rule = shape({ name, input_schema: schema }, { description: string });

const ofApi: Rule = byType({});

const isCustom = (tool: unknown): boolean => {
  const { type } = (tool ?? {}) as { type?: unknown };
  return type === undefined || type === null || type === 'custom';
};

/** A tool without a type is a custom one; those of the API are an open set, each with its fields. */
const tool: Rule = (value, path) =>
  isCustom(value) ? custom(value, `${path}.custom`) : ofApi(value, path);

const uniqueNames: Rule = (value, path) => {
  const names = (value as { name?: string }[]).map(({ name }) => name).filter(Boolean);
  return new Set(names).size < names.length
    ? problem(path, 'Tool names must be unique.')
    : undefined;
};

/** The param `tools`. */
export const tools: Rule = both(listOf(tool), uniqueNames);

/** The param `tool_choice`. */
export const toolChoice: Rule = both(
  shape({ type: oneOf('auto', 'any', 'tool', 'none') }),
  byType({ tool: shape({ name: string }) }),
);
