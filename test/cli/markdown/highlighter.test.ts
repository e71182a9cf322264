import { expect, it } from 'vitest';
import { Highlighter } from '../../../src/cli/markdown/highlighter.js';

/** Each line with its styles. */
function highlighted(language: string, ...lines: string[]): string[] {
  const highlighter = Highlighter.of(language);
  return lines.map((line) =>
    (highlighter?.push(line) ?? [])
      .map(({ text, styles: [style] }) => (style === undefined ? text : `(${style} ${text})`))
      .join(''),
  );
}

it.each([
  ['ts', ['const a = 1; // one'], ['(keyword const) a = (number 1); (dim // one)']],
  ['js', ["f('a\\'b') + \"c"], ["f((string 'a\\'b')) + (string \"c)"]],
  [
    'js',
    ['/* a', 'b */ if `c', 'd`'],
    ['(dim /* a)', '(dim b */) (keyword if) (string `c)', '(string d`)'],
  ],
  [
    'python',
    ['"""a', 'b""" # c', 'def f(): pass'],
    ['(string """a)', '(string b""") (dim # c)', '(keyword def) f(): (keyword pass)'],
  ],
  ['sh', ['echo "$#a" # b'], ['(keyword echo) (string "$#a") (dim # b)']],
  ['JSON', ['{"a": [true, 1.5]}'], ['{(string "a"): [(keyword true), (number 1.5)]}']],
  ['sql', ['SELECT a -- b'], ['(keyword SELECT) a (dim -- b)']],
  [
    'html',
    ['<a href="b">c</a> <!-- d -->'],
    ['(keyword <a) href=(string "b")(keyword >)c(keyword </a>) (dim <!-- d -->)'],
  ],
  [
    'diff',
    ['+++ b', '+a', '-b', '@@ 1', ' c'],
    ['(bold +++ b)', '(added +a)', '(removed -b)', '(dim @@ 1)', ' c'],
  ],
])('colours %s', (language, lines, shown) => {
  expect(highlighted(language, ...lines)).toEqual(shown);
});

it.each(['brainfuck', '', 'constructor', '__proto__'])('knows no language %j', (name) => {
  expect(Highlighter.of(name)).toBeUndefined();
});
