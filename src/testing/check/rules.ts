/** Returns what is wrong with a value, in the API's words; undefined if nothing is. */
export type Rule = (value: unknown, path: string) => string | undefined;

export const string: Rule = should('a valid string', (value) => typeof value === 'string');
export const boolean: Rule = should('a valid boolean', (value) => typeof value === 'boolean');
export const number: Rule = should('a valid number', (value) => typeof value === 'number');
export const integer: Rule = should('a valid integer', Number.isInteger);
export const list: Rule = should('a valid list', Array.isArray);
export const stringOrList: Rule = should(
  'a valid string or list',
  (value) => typeof value === 'string' || Array.isArray(value),
);

/** One of some strings. */
export function oneOf(...allowed: readonly string[]): Rule {
  const quoted = allowed.map((value) => `'${value}'`);
  const last = quoted.pop();
  const list = quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
  return should(`${list}`, (value) => allowed.includes(value as string));
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

/** Rules by the field `type`. Other types are newer than this table and accepted as they are. */
export function byType(rules: Rules): Rule {
  return both(shape({ type: string }), (value, path) =>
    rules[(value as { type: string }).type]?.(value, path),
  );
}

/** A list whose items follow a rule. */
export function listOf(item: Rule): Rule {
  return (value, path) =>
    list(value, path) ??
    first((value as unknown[]).entries(), ([at, one]) => item(one, `${path}.${at}`));
}

/** An object with some fields. Other fields are accepted as they are. */
export function shape(required: Rules, optional: Rules = {}): Rule {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return problem(path, 'Input should be a valid dictionary');
    }
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
      )
    );
  };
}

/** Rules by field. */
export type Rules = Readonly<Record<string, Rule>>;

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
