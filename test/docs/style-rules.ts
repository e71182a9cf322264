/** A word or a pattern that the project doesn't use, and what to write instead. */
export interface StyleRule {
  readonly pattern: RegExp;
  readonly write: string;
}

/** Words and phrases that readers stumble over. Matched without regard to case, at word boundaries. */
const PHRASES: readonly [phrase: string, write: string][] = [
  ["some ?body(?:'s)?|some one", 'the caller, another reader: name who it is'],
  ['nobody', 'nothing, no reader'],
  ['who(?:ever|mever|soever|m)', 'name who it is'],
  ['anew', 'again'],
  ['of (?:ours|yours|theirs|mine)', 'our, your, their'],
  [
    'thereof|therein|thereby|whereof|wherein|whereby|hereof|heretofore|hitherto',
    'a plain sentence',
  ],
  ['by right', 'legitimate'],
  ['(?:goes|go|went) over the (?!wire|network)', 'overrides the'],
  ['may pass', 'is transient'],
  ['knows no (?!good)', 'has no'],
  ['tells? nothing of', 'there is no'],
  ["are your server's to say", 'must be decided on your server'],
  ['holds? (?:nobody|no one|anyone) up', "doesn't block others"],
  ['to the byte', 'byte for byte, exactly'],
  ['in place of a finger', 'simulates the user'],
  ['a story of', 'a built-in story'],
  ['to be done with it', 'to bound it'],
  ['(?:is|are|was|were) told of', 'is notified about'],
  ['asked for anew|asks for anew', 'requested again'],
  ['(?:has|have) come(?! (?:back|in|from|to|out|round|up))', 'has arrived'],
  ['for ever', 'forever'],
  ['everybody', 'everyone, or name who it is'],
  ['(?:what|whatever) is left, then', 'the rest'],
  ['what each (?:request|attempt) gave', 'what each attempt produced'],
  ['half an input', 'incomplete input'],
  ['should the (?:thread|worker|process) break', 'if the worker crashes'],
  ['every end is told', 'every failure is explicit'],
  ['after content came', 'once content has arrived'],
  ['(?:is|are|was|were) tried again', 'is retried'],
  ['nothing is lost', 'what is kept'],
  ['as it were|so to speak', 'nothing'],
  ['shall', 'must, will'],
  ['upon', 'on'],
  ['albeit', 'although'],
  ['whilst', 'while'],
];

export const STYLE_RULES: readonly StyleRule[] = PHRASES.map(([phrase, write]) => ({
  pattern: new RegExp(`(?<![\\w-])(?:${phrase})(?![\\w])`, 'gi'),
  write,
}));

/** A hit of a rule. */
export interface StyleHit {
  readonly line: number;
  readonly text: string;
  readonly write: string;
}

/** The hits in the prose of a text. Words in code, in quotes of stories and in links' targets don't count. */
export function findStyleHits(prose: string): StyleHit[] {
  return prose
    .split('\n')
    .flatMap((line, at) =>
      STYLE_RULES.flatMap(({ pattern, write }) =>
        [...line.matchAll(pattern)].map(([text]) => ({ line: at + 1, text, write })),
      ),
    );
}

/** Markdown without its code: fenced blocks and code spans are blank. */
export function proseOfMarkdown(markdown: string): string {
  let fence: string | undefined;
  return markdown
    .split('\n')
    .map((line) => {
      const [, marks] = /^ *(`{3,}|~{3,})/.exec(line) ?? [];
      if (fence !== undefined) {
        if (marks?.startsWith(fence)) fence = undefined;
        return '';
      }
      fence = marks;
      return marks === undefined ? line.replace(/`[^`]*`|\]\([^)]*\)/g, ' ') : '';
    })
    .join('\n');
}

/** The comments and the strings of a TypeScript file, each in its line. */
export function proseOfCode(code: string): string {
  const token =
    /\/\*[\s\S]*?\*\/|\/\/.*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*(?=[\s.,;)])|\n/g;
  let prose = '';
  for (const [text] of code.matchAll(token)) {
    const isProse = /^(?:\/[/*]|['"`])/.test(text);
    const isTemplate = text.startsWith('`');
    // Code spans within comments and messages aren't prose.
    const shown = isTemplate ? text : text.replace(/`[^`\n]*`/g, ' ');
    prose += isProse ? ` ${shown}` : text === '\n' ? '\n' : '';
  }
  return prose;
}
