import { describe, expect, it } from 'vitest';
import { Markdown } from '../../../src/cli/markdown/markdown.js';
import { addSpan, type Span, type Style, toEscapeCodes } from '../../../src/cli/styled.js';

/** Readable styles. */
function named(spans: readonly Span[]): string {
  const joined: Span[] = [];
  for (const { text, styles } of spans) addSpan(joined, text, styles);
  const wrap = (text: string, style: Style): string => `(${style} ${text})`;
  return joined.map((span) => span.styles.reduceRight(wrap, span.text)).join('');
}

function whole(text: string): string {
  const markdown = new Markdown();
  return named([...markdown.push(text), ...markdown.end()]);
}

const RULE = '─'.repeat(40);
const TS_RULE = '── ts '.padEnd(40, '─');

const CASES: readonly [what: string, markdown: string, shown: string][] = [
  ['plain text', 'One.\n\nTwo.', 'One.\n\nTwo.'],
  ['bold', 'a **b c** d', 'a (bold b c) d'],
  ['bold at the start of a line', '**b**: c', '(bold b): c'],
  ['bold with code in it', '**b `c`**', '(bold b )(bold (code c))'],
  ['bold that is never closed', 'f(**kwargs)\nnext', 'f(**kwargs)\nnext'],
  ['a power', '2 ** 3 ** 4', '2 ** 3 ** 4'],
  ['a closing mark after a space', '**a ** b', '**a ** b'],
  ['italics', '*a* and _b_', '(italic a) and (italic b)'],
  [
    'italics in bold, and bold in italics',
    '**a *b*** *c **d***',
    '(bold a )(bold (italic b)) (italic c )(italic (bold d))',
  ],
  ['bold with underscores', '__a__ b', '(bold a) b'],
  ['asterisks and underscores in words', '2*3*4 snake_case_name', '2*3*4 snake_case_name'],
  ['a mark before a closing one', '**a f(**kwargs)', '**a f(**kwargs)'],
  ['three asterisks', 'a ***b*** c', 'a (bold (italic b)) c'],
  ['four asterisks', '**** a', '**** a'],
  ['marks after one that is never closed', 'a **b `c`', 'a **b (code c)'],
  ['struck text', '~~a~~ ~b~', '(strike a) ~b~'],
  ['a mark after a backslash', '\\*a\\* \\(x\\)', '*a* \\(x\\)'],
  [
    'a link',
    'a [b **c**](https://d.e/f_(g) "title").',
    'a (underline b )(underline (bold c))(dim  (https://d.e/f_(g))).',
  ],
  ['a link whose text is its address', '[https://a.b](https://a.b)', '(underline https://a.b)'],
  ['an image', '![a](b.png) Hi!', '(underline a)(dim  (b.png)) Hi!'],
  ['brackets that are no link', 'a[0] and [x]: [ ] **b**', 'a[0] and [x]: [ ] (bold b)'],
  [
    'an address in angle brackets',
    '<https://a.b> <div> 1 < 2',
    '(underline https://a.b) <div> 1 < 2',
  ],
  ['a quote', '> a **b**\n>\n>> c\nd', '(dim │ )a (bold b)\n(dim │)\n(dim │ │ )c\nd'],
  ['a quote with an item', '> - a', '(dim │ )• a'],
  [
    'a quote with code',
    '> ```\n> a\n> ```\n> b',
    `(dim │ ${RULE})\n(dim │ )(code a)\n(dim │ ${RULE})\n(dim │ )b`,
  ],
  ['code', 'a `b` c', 'a (code b) c'],
  ['code with marks in it', '`a **b** c`', '(code a **b** c)'],
  ['code between two backticks', '``a`b``', '(code a`b)'],
  ['a backtick that is never closed', "it`s\n'", "it`s\n'"],
  ['a heading', '# One\n## Two\ntext', '(bold One)\n(bold Two)\ntext'],
  ['a heading with bold in it', '# a **b** `c`', '(bold a b )(bold (code c))'],
  ['no heading: a tag', '#tag', '#tag'],
  ['no heading: too many', '####### a', '####### a'],
  ['a list', '- a\n* b\n  + c\n1. d\n2) e', '• a\n• b\n  • c\n1. d\n2) e'],
  ['a list with bold items', '- **a** b', '• (bold a) b'],
  ['a rule', 'a\n---\nb\n***', `a\n(dim ${RULE})\nb\n(dim ${RULE})`],
  ['a minus', '-1 and -', '-1 and -'],
  [
    'a code block',
    '```\n# a **b**\n- c\n\n```\n**d**',
    `(dim ${RULE})\n(code # a **b**)\n(code - c)\n\n(dim ${RULE})\n(bold d)`,
  ],
  ['a code block of tildes', '~~~\n```\n~~~\na', `(dim ${RULE})\n(code \`\`\`)\n(dim ${RULE})\na`],
  ['a longer fence', '````\n```\n````\na', `(dim ${RULE})\n(code \`\`\`)\n(dim ${RULE})\na`],
  ['a code block that is never closed', '```\na', `(dim ${RULE})\n(code a)`],
  [
    'a code block with a language',
    '```ts\nlet a = `b',
    `(dim ${TS_RULE})\n(keyword let) a = (string \`b)`,
  ],
  [
    'a table',
    '|a|b|\n|-|-:|\n|`c`|d|\n|e\ne',
    '(bold a)  (dim  │ )  (bold b)\n(dim ────┼────)\n(code c)  (dim  │ )  d\ne  (dim  │ )   \ne',
  ],
  ['three backticks within a line', '```a``` b', '(code a) b'],
  ['characters outside the Basic Multilingual Plane', '**🦀** 🦀', '(bold 🦀) 🦀'],
  ['a fence that is indented too far', '    ```\n**a**', '    ```\n(bold a)'],
  ['a fence of tildes with a tick after them', '~~~ `\na', '~~~ `\na'],
  ['spaces before text', '    a', '    a'],
];

describe('markdown', () => {
  it.each(CASES)('shows %s', (_, markdown, shown) => {
    expect(whole(markdown)).toBe(shown);
  });

  it.each(CASES)('shows %s the same character by character', (_, text, shown) => {
    const markdown = new Markdown();
    const pieces = [...text].flatMap((character) => markdown.push(character));
    expect(named([...pieces, ...markdown.end()])).toBe(shown);
  });

  it('holds no more than necessary', () => {
    const markdown = new Markdown();
    const pushed = ['One ', '**tw', 'o', '** thr', 'ee `4`\n', '#', '# Fi', 've'];
    expect(pushed.map((text) => named(markdown.push(text)))).toEqual([
      'One',
      '',
      '',
      ' (bold two)',
      ' three (code 4)\n',
      '',
      '',
      '',
    ]);
  });

  it('starts over after an end', () => {
    const markdown = new Markdown();
    expect(named([...markdown.push('```\na'), ...markdown.end()])).toBe(`(dim ${RULE})\n(code a)`);
    expect(named([...markdown.push('\n**b**'), ...markdown.end()])).toBe('\n(bold b)');
  });

  it('does not turn a style off and on between two characters', () => {
    const markdown = new Markdown();
    expect(toEscapeCodes(markdown.push('# Two words\n'))).toBe('\u001b[1mTwo words\u001b[22m\n');
    expect(toEscapeCodes(markdown.push('```\nlet a\n'))).toBe(
      `\u001b[2m${RULE}\u001b[22m\n\u001b[36mlet a\u001b[39m\n`,
    );
  });

  it.each([
    ['an open backtick', 'a `', 'b'],
    ['open asterisks', 'a **', 'b '],
    ['opening backticks', 'a', '`'],
    ['spaces', '', ' '],
    ['a fence', '```', 'b'],
    ['tildes', '', '~'],
    ['number signs', '', '#'],
    ['nested marks', '', '**a `'],
    ['closed marks', '', '**a** `b` '],
    ['backticks in a code block', '```\n', '`'],
    ['brackets', 'a', '['],
    ['closed brackets', '', '[a] '],
    ['underscores', 'a ', '_a '],
    ['struck marks', '', '~~a '],
    ['exclamation marks', '', '!['],
    ['angle brackets', '', '<https://'],
    ['quote marks', '', '>'],
    ['pipes', '|', 'a|'],
    ['cells with open marks', '', '|`a|\n'],
    ['quotes in code', '```js\n', '"a'],
    ['words in code', '```js\n', 'let '],
    ['dashes', '', '-'],
    ['wide characters', '', '水'],
  ])('takes linear time for a long line of %s', (_, start, repeated) => {
    const time = (count: number): number => {
      const text = start + repeated.repeat(count);
      // Of the process: what a busy machine takes away doesn't count.
      const started = process.cpuUsage();
      const markdown = new Markdown();
      for (const character of text) markdown.push(character);
      markdown.end();
      const { user, system } = process.cpuUsage(started);
      return (user + system) / 1_000;
    };
    const fastest = (count: number): number => Math.min(...[0, 1, 2].map(() => time(count)));
    fastest(1_000);
    // 16 times the text: linear is 16 times the time, quadratic 256 times.
    expect(fastest(32_000)).toBeLessThan(64 * Math.max(fastest(2_000), 1));
  });
});
