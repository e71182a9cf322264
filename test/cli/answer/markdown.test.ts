import { describe, expect, it } from 'vitest';
import { Markdown } from '../../../src/cli/answer/markdown.js';
import { type Span, type Style, toEscapeCodes } from '../../../src/cli/styled.js';

/** Readable styles. */
function named(spans: readonly Span[]): string {
  const wrap = (text: string, style: Style): string => `(${style} ${text})`;
  const text = spans.map((span) => span.styles.reduceRight(wrap, span.text)).join('');
  // Joins adjacent parts of one style.
  return text.replaceAll(/\)\((bold|code) (?=\(|[^()]*\))/g, '');
}

function whole(text: string): string {
  const markdown = new Markdown();
  return named([...markdown.push(text), ...markdown.end()]);
}

const CASES: readonly [what: string, markdown: string, shown: string][] = [
  ['plain text', 'One.\n\nTwo.', 'One.\n\nTwo.'],
  ['bold', 'a **b c** d', 'a (bold b c) d'],
  ['bold at the start of a line', '**b**: c', '(bold b): c'],
  ['bold with code in it', '**b `c`**', '(bold b (code c))'],
  ['bold that is never closed', 'f(**kwargs)\nnext', 'f(**kwargs)\nnext'],
  ['a power', '2 ** 3 ** 4', '2 ** 3 ** 4'],
  ['a closing mark after a space', '**a ** b', '**a ** b'],
  ['single asterisks', '*a* 2*3', '*a* 2*3'],
  ['three asterisks', 'a ***b*** c', 'a ***b*** c'],
  ['code', 'a `b` c', 'a (code b) c'],
  ['code with marks in it', '`a **b** c`', '(code a **b** c)'],
  ['code between two backticks', '``a`b``', '(code a`b)'],
  ['a backtick that is never closed', "it`s\n'", "it`s\n'"],
  ['a heading', '# One\n## Two\ntext', '(bold One)\n(bold Two)\ntext'],
  ['a heading with bold in it', '# a **b** `c`', '(bold a b (code c))'],
  ['no heading: a tag', '#tag', '#tag'],
  ['no heading: too many', '####### a', '####### a'],
  ['a list', '- a\n* b\n  + c\n1. d', '• a\n• b\n  • c\n1. d'],
  ['a list with bold items', '- **a** b', '• (bold a) b'],
  ['a rule', 'a\n---\nb', 'a\n---\nb'],
  ['a minus', '-1 and -', '-1 and -'],
  [
    'a code block',
    '```ts\n# a **b**\n- c\n\n```\n**d**',
    '(dim ```ts)\n(code # a **b**)\n(code - c)\n\n(dim ```)\n(bold d)',
  ],
  ['a code block of tildes', '~~~\n```\n~~~\na', '(dim ~~~)\n(code ```)\n(dim ~~~)\na'],
  ['a longer fence', '````\n```\n````\na', '(dim ````)\n(code ```)\n(dim ````)\na'],
  ['a code block that is never closed', '```\na', '(dim ```)\n(code a)'],
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
      'One ',
      '',
      '',
      '(bold two) thr',
      'ee (code 4)\n',
      '',
      '(bold Fi)',
      '(bold ve)',
    ]);
  });

  it('starts over after an end', () => {
    const markdown = new Markdown();
    expect(named([...markdown.push('```\na'), ...markdown.end()])).toBe('(dim ```)\n(code a)');
    expect(named(markdown.push('\n**b**'))).toBe('\n(bold b)');
  });

  it('does not turn a style off and on between two characters', () => {
    const markdown = new Markdown();
    expect(toEscapeCodes(markdown.push('# Two words\n'))).toBe('\u001b[1mTwo words\u001b[22m\n');
    expect(toEscapeCodes(markdown.push('```\nlet a\n'))).toBe(
      '\u001b[2m```\u001b[22m\n\u001b[36mlet a\u001b[39m\n',
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
    fastest(2_000);
    // 16 times the text: linear is 16 times the time, quadratic 256 times.
    expect(fastest(64_000)).toBeLessThan(64 * Math.max(fastest(4_000), 1));
  });
});
