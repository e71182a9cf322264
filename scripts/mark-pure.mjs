import { parseAst } from 'rolldown/parseAst';

const PURE = '/* @__PURE__ */ ';

/**
 * Marks the initial values of constants and static fields as free of side effects: `sideEffects: false` in
 * package.json says it of whole files only, and joined files need it of each statement.
 */
export const markPure = {
  name: 'mark-pure',
  transform: {
    filter: { id: /\.ts$/ },
    handler(code) {
      const insertions = parseAst(code, { lang: 'ts' }).body.flatMap(initialValues).flatMap(marks);
      return insertions
        .sort(([a], [b]) => b - a)
        .reduce((text, [at, mark]) => text.slice(0, at) + mark + text.slice(at), code);
    },
  },
};

function initialValues(statement) {
  const { type, declarations, body } = statement.declaration ?? statement;
  if (type === 'VariableDeclaration') return declarations.map(({ init }) => init);
  if (type === 'ClassDeclaration') return body.body.filter((it) => it.static).map((it) => it.value);
  return [];
}

/** What to insert, and where. */
function marks(value) {
  const parts = [...evaluated(value)];
  if (!parts.some(isSuspect)) return parts.filter(isCall).map(({ start }) => [start, PURE]);
  return [
    [value.start, `${PURE}(() => (`],
    [value.end, '))()'],
  ];
}

/** Bundlers suspect side effects of getters and conversions, which only a pure call around them denies. */
function isSuspect({ type, object, expressions }) {
  if (type === 'MemberExpression') return object.name !== 'Object';
  return type === 'SpreadElement' || (type === 'TemplateLiteral' && expressions.length > 0);
}

const isCall = ({ type }) => type === 'CallExpression' || type === 'NewExpression';

/** The parts of an expression that are evaluated with it: not the bodies of its functions. */
function* evaluated(node) {
  if (node === null || typeof node !== 'object' || /Function/.test(node.type)) return;
  if (node.type !== undefined) yield node;
  for (const part of Object.values(node)) yield* evaluated(part);
}
