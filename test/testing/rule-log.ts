import type { Rule, Rules } from '../../src/testing/check/rules.js';

type Rulebook = typeof import('../../src/testing/check/rules.js');

/** The uses of rules that have rejected nothing so far: the cases of a test must empty it. */
export interface RuleLog {
  /** The source of each, and where it is used. */
  idle(): string[];
  /** The module `rules.ts`, with every use of a rule watched. */
  watched(rules: Rulebook): Rulebook;
}

/** The log of this test file. */
export const ruleLog: RuleLog = createRuleLog();

function createRuleLog(): RuleLog {
  const idle = new Map<object, string>();

  function watch(use: string, rule: Rule, isRejection = (_: string): boolean => true): Rule {
    const key = {};
    idle.set(key, use.split('\n')[0] as string);
    return (value, path) => {
      const found = rule(value, path);
      if (found !== undefined && isRejection(found)) idle.delete(key);
      return found;
    };
  }
  const fields = (use: string, rules: Rules): Rules =>
    Object.fromEntries(
      Object.entries(rules).map(([name, rule]) => [name, watch(`${use} ${name}: ${rule}`, rule)]),
    );
  const tables = new Map<unknown, Rule>();

  return {
    idle: () => [...idle.values()],
    watched: (rules) => ({
      ...rules,
      both: (...list) => rules.both(...list.map((rule) => watch(`in both(): ${rule}`, rule))),
      byType: (table) => rules.byType(fields('type', table)),
      listOf: (item) => rules.listOf(watch(`item: ${item}`, item)),
      shape: (required, optional = {}) =>
        Object.keys(required).reduce<Rule>(
          (rule, name) =>
            watch(`required ${name}`, rule, (found) => found.endsWith(`${name}: Field required`)),
          rules.shape(fields('field', required), fields('optional', optional)),
        ),
      // A table of functions that run in turn: those are rules too.
      first: (items, check) => {
        const isTable = Array.isArray(items) && items.every((item) => typeof item === 'function');
        if (!isTable) return rules.first(items, check);
        for (const rule of items) {
          if (!tables.has(rule)) tables.set(rule, watch(`in a table: ${rule}`, rule));
        }
        return rules.first(items, (rule) => check(tables.get(rule) as typeof rule));
      },
    }),
  };
}
