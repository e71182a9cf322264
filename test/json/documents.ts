import fc from 'fast-check';

/** A JSON document. */
export interface Document {
  text: string;
  /** Whether no object has a key twice, or a key such as '7' that objects put in front. */
  ordered: boolean;
}

/** Random documents of all that JSON allows, a hundred characters or so long. */
export const documents: fc.Arbitrary<Document> = fc.letrec<Record<'value' | 'node', Document>>(
  (tie) => ({
    value: fc
      .tuple(space(), tie('node'), space())
      .map(([before, { text, ordered }, after]) => ({ text: before + text + after, ordered })),
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalars(),
      fc.array(tie('value'), { maxLength: 5 }).map(toArray),
      fc.array(fc.tuple(space(), keys(), space(), tie('value')), { maxLength: 5 }).map(toObject),
    ),
  }),
).value;

/** Lengths of fragments, to be used over and over. */
export const cuts: fc.Arbitrary<number[]> = fc.array(fc.integer({ min: 1, max: 25 }), {
  minLength: 1,
  maxLength: 10,
});

/** A text in fragments of these lengths. */
export function cut(text: string, lengths: readonly number[]): string[] {
  const fragments: string[] = [];
  for (let at = 0, i = 0; at < text.length; i++) {
    const length = lengths[i % lengths.length] ?? 1;
    fragments.push(text.slice(at, at + length));
    at += length;
  }
  return fragments;
}

function space(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 8, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.constantFrom(' ', '\n  ', '\t', '\r\n', ' \n\r\t ') },
  );
}

function scalars(): fc.Arbitrary<Document> {
  return fc
    .oneof(strings(), numbers(), fc.constantFrom('true', 'false', 'null'))
    .map((text) => ({ text, ordered: true }));
}

function numbers(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom('0', '-0', '-0.0', '1e400', '-1e400', '1e-400', '5e-324', '0E+0', '1E1'),
    fc.constantFrom(
      '9007199254740993',
      '123456789012345678901234567890',
      '0.1',
      '1.7976931348623157e308',
    ),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.integer().map(String),
  );
}

function strings(): fc.Arbitrary<string> {
  return fc.array(characters(), { maxLength: 12 }).map((characters) => `"${characters.join('')}"`);
}

function characters(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...'abc {}[]:,0é漢\u2028\u007f/', '😀') },
    {
      weight: 2,
      arbitrary: fc.constantFrom('\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t'),
    },
    { weight: 1, arbitrary: fc.constantFrom('\\u0041', '\\u0000', '\\u00e9', '\\uFfFf') },
    // Whole pairs, halves, and pairs of which one half is escaped and the other is not.
    {
      weight: 2,
      arbitrary: fc.constantFrom('\\ud83d\\ude00', '\\ud83d', '\\uDE00', '\ud83d', '\ude00'),
    },
  );
}

function keys(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('"a"', '"b"', '"\\u0061"', '""', '"a.b"', '"*"') },
    { weight: 1, arbitrary: fc.constantFrom('"__proto__"', '"constructor"', '"toString"') },
    { weight: 1, arbitrary: fc.constantFrom('"1"', '"0"', '"10"') },
    { weight: 3, arbitrary: strings() },
  );
}

function toArray(values: readonly Document[]): Document {
  return {
    text: `[${values.map(({ text }) => text).join()}]`,
    ordered: values.every(({ ordered }) => ordered),
  };
}

function toObject(properties: readonly [string, string, string, Document][]): Document {
  const names = properties.map(([, key]) => JSON.parse(key) as string);
  return {
    text: `{${properties.map(([before, key, after, { text }]) => `${before}${key}${after}:${text}`).join()}}`,
    ordered:
      new Set(names).size === names.length &&
      names.every((name) => !/^\d+$/.test(name)) &&
      properties.every(([, , , { ordered }]) => ordered),
  };
}
