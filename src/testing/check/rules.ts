/** Returns what is wrong with a value, in the API's words; undefined if nothing is. */
export type Rule = (value: unknown, path: string) => string | undefined;

/** Rules by field. */
export type Rules = Readonly<Record<string, Rule>>;

export const string: Rule = should('a valid string', (value) => typeof value === 'string');
export const boolean: Rule = should('a valid boolean', (value) => typeof value === 'boolean');
export const number: Rule = should('a valid number', (value) => typeof value === 'number');
export const integer: Rule = should('a valid integer', Number.isInteger);
export const list: Rule = should('a valid array', Array.isArray);

/** An object with any fields. */
export const dictionary: Rule = should(
  'a valid dictionary',
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/** Anything: a field that has no rule of its own. */
export const anything: Rule = () => undefined;

/** A text that isn't empty. */
export const text: Rule = both(string, (value, path) =>
  value === '' ? problem(path, 'String should have at least 1 character') : undefined,
);

/** One of some strings. */
export function oneOf(...allowed: readonly string[]): Rule {
  const quoted = allowed.map((value) => `'${value}'`);
  const last = quoted.pop();
  const list = quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
  return should(`${list}`, (value) => allowed.includes(value as string));
}

/** A string that matches a pattern. */
export function matching(pattern: RegExp): Rule {
  return both(string, (value, path) =>
    pattern.test(String(value))
      ? undefined
      : problem(path, `String should match pattern '${pattern.source}'`),
  );
}

/** A number in a range. */
export function within(least: number, most: number): Rule {
  return (value, path) =>
    atLeast(least)(value, path) ??
    (Number(value) > most
      ? problem(path, `Input should be less than or equal to ${most}`)
      : undefined);
}

export function atLeast(least: number): Rule {
  return (value, path) =>
    Number(value) < least
      ? problem(path, `Input should be greater than or equal to ${least}`)
      : undefined;
}

/** Each rule in turn: a later rule can rely on the earlier ones. */
export function both(...rules: readonly Rule[]): Rule {
  return (value, path) => first(rules, (rule) => rule(value, path));
}

/** The value null, which stands for an absent field, or a rule. */
export function orNull(rule: Rule): Rule {
  return (value, path) => (value === null ? undefined : rule(value, path));
}

/** A string, or a list whose items follow a rule. */
export function stringOr(items: Rule): Rule {
  return (value, path) => (typeof value === 'string' ? undefined : items(value, path));
}

/** A list whose items follow a rule. */
export function listOf(item: Rule): Rule {
  return (value, path) =>
    list(value, path) ??
    first((value as unknown[]).entries(), ([at, one]) => item(one, `${path}.${at}`));
}

/** An object with these fields and no others. The API takes null for an absent optional field. */
export function shape(required: Rules, optional: Rules = {}): Rule {
  return (value, path) => {
    const wrong = dictionary(value, path);
    if (wrong !== undefined) return wrong;
    const fields = value as Record<string, unknown>;
    const toPath = (name: string): string => (path === '' ? name : `${path}.${name}`);
    return (
      first(Object.entries(required), ([name, rule]) =>
        fields[name] === undefined
          ? problem(toPath(name), 'Field required')
          : rule(fields[name], toPath(name)),
      ) ??
      first(Object.entries(optional), ([name, rule]) =>
        fields[name] == null ? undefined : rule(fields[name], toPath(name)),
      ) ??
      first(Object.keys(fields), (name) =>
        Object.hasOwn(required, name) || Object.hasOwn(optional, name)
          ? undefined
          : problem(toPath(name), 'Extra inputs are not permitted'),
      )
    );
  };
}

/**
 * Objects of several kinds: their field `type` is the name of a rule. The path of what is wrong inside
 * has that name: `content.0.text.text`.
 */
export function tagged(rules: Rules): Rule {
  const tags = Object.keys(rules).map((tag) => `'${tag}'`);
  return (value, path) => {
    const wrong = dictionary(value, path);
    if (wrong !== undefined) return wrong;
    const { type } = value as { type?: unknown };
    if (type === undefined) return problem(`${path}.type`, 'Field required');
    if (typeof type !== 'string') return string(type, `${path}.type`);
    const rule = Object.hasOwn(rules, type) ? rules[type] : undefined;
    return rule === undefined
      ? problem(
          path,
          `Input tag '${type}' found using 'type' does not match any of the expected tags: ${tags.join(', ')}`,
        )
      : rule(value, `${path}.${type}`);
  };
}

/** Fields of an object of one kind, besides `type`. */
export function fields(required: Rules, optional: Rules = {}): Rule {
  return shape({ type: string, ...required }, optional);
}

function should(be: string, isGood: (value: unknown) => boolean): Rule {
  return (value, path) => (isGood(value) ? undefined : problem(path, `Input should be ${be}`));
}

export function problem(path: string, what: string): string {
  return path === '' ? what : `${path}: ${what}`;
}

export function first<T>(
  items: Iterable<T>,
  check: (item: T) => string | undefined,
): string | undefined {
  for (const item of items) {
    const found = check(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A table in the order of its names, as the API lists them. */
export function sorted(rules: Rules): Rules {
  return Object.fromEntries(Object.entries(rules).sort(([one], [other]) => (one < other ? -1 : 1)));
}
