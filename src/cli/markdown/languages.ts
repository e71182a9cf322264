import type { Style } from '../styled.js';

/** What a highlighter knows of a language. */
export interface Language {
  readonly keywords: ReadonlySet<string>;
  readonly ignoresCase?: boolean;
  /** What starts a comment up to the end of the line, as expressions. */
  readonly comments?: readonly string[];
  /** Comments and strings of several lines, by what opens them. */
  readonly blocks?: Readonly<Record<string, { readonly close: string; readonly style: Style }>>;
  /** Each quotes strings within a line. */
  readonly quotes?: string;
  /** It has tags, as HTML does. */
  readonly tags?: boolean;
  /** Lines that have one style, by what they start with. */
  readonly lines?: readonly { readonly start: string; readonly style: Style }[];
}

/** @param name lower case, an alias too; undefined if it isn't known. */
export function findLanguage(name: string): Language | undefined {
  return BY_NAME.get(name);
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const C_COMMENT = { '/*': { close: '*/', style: 'dim' } } as const;
const HASH = ['(?<!\\S)#'];
const C: Omit<Language, 'keywords'> = { comments: ['//'], blocks: C_COMMENT, quotes: `"'` };

const SCRIPT = words(
  'abstract as async await break case catch class const continue debugger declare default delete do else enum export extends false finally for from function get if implements import in instanceof interface let new null of private protected public readonly return satisfies set static super switch this throw true try type typeof undefined var void while with yield',
);
const C_LIKE = words(
  'abstract alignas as auto base bool boolean break byte case catch char class const constexpr continue default delete do double else enum explicit extends extern false final finally float for foreach friend get goto if implements import in include inline instanceof int interface internal is let long namespace native new null nullptr object operator out override package private protected public readonly record ref return sealed set short signed sizeof static string struct super switch synchronized template this throw throws true try typedef typename union unsigned using var virtual void volatile while yield #include #define #if #ifdef #ifndef #endif #else',
);
const PYTHON = words(
  'False None True and as assert async await break case class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return self try while with yield',
);
const RUBY = words(
  'alias and begin break case class def defined? do else elsif end ensure extend false for if in include module next nil not or private public raise redo require rescue retry return self super then true undef unless until when while yield',
);
const SHELL = words(
  'case do done elif else esac export fi for function if in local readonly return set shift source then trap unset until while alias cd echo exit sudo',
);
const GO = words(
  'any bool break byte case chan const continue default defer else error fallthrough false float64 for func go goto if import int int64 interface make map new nil package range return rune select string struct switch true type uint var',
);
const RUST = words(
  'Self as async await bool box break const continue crate dyn else enum extern f64 false fn for i32 i64 if impl in let loop match mod move mut pub ref return self static str struct super trait true type u32 u64 u8 unsafe use usize where while',
);
const SWIFT_KOTLIN = words(
  'actor as async await by case catch class companion data default defer do else enum extension false final for fun func guard if import in init interface internal is let nil null object open override package private protocol public return sealed self static struct super suspend switch this throw throws true try typealias val var when where while',
);
const PHP = words(
  'abstract array as break case catch class const continue default do echo else elseif extends false final finally fn for foreach function global if implements include interface match namespace new null private protected public require return self static switch this throw trait true try use var while yield',
);
const SQL = words(
  'add all alter and as asc begin between by case check column commit constraint create cross database default delete desc distinct drop else end exists false foreign from full function group having if in index inner insert integer intersect into is join key left like limit not null offset on or order outer primary references returning right rollback select set table text then true union unique update using values varchar view when where with',
);
const CONSTANTS = words('true false null yes no on off');

/** By their names, with blanks between. */
export const LANGUAGES: readonly [names: string, language: Language][] = [
  [
    'js javascript jsx mjs cjs ts typescript tsx mts',
    { ...C, blocks: { ...C_COMMENT, '`': { close: '`', style: 'string' } }, keywords: SCRIPT },
  ],
  ['json jsonc json5 jsonl', { ...C, keywords: CONSTANTS }],
  ['c h cpp c++ cc hpp cs csharp c# java scala dart objc', { ...C, keywords: C_LIKE }],
  [
    'go golang',
    { ...C, blocks: { ...C_COMMENT, '`': { close: '`', style: 'string' } }, keywords: GO },
  ],
  ['rust rs', { comments: ['//'], blocks: C_COMMENT, quotes: '"', keywords: RUST }],
  ['swift kotlin kt kts', { ...C, keywords: SWIFT_KOTLIN }],
  ['php', { ...C, comments: ['//', ...HASH], keywords: PHP }],
  [
    'py python python3 pyi',
    {
      comments: HASH,
      blocks: {
        '"""': { close: '"""', style: 'string' },
        "'''": { close: "'''", style: 'string' },
      },
      quotes: `"'`,
      keywords: PYTHON,
    },
  ],
  ['rb ruby', { comments: HASH, quotes: `"'`, keywords: RUBY }],
  [
    'sh bash zsh shell fish console make makefile dockerfile docker',
    { comments: HASH, quotes: `"'`, keywords: SHELL },
  ],
  ['sql', { comments: ['--'], blocks: C_COMMENT, quotes: `'"`, ignoresCase: true, keywords: SQL }],
  ['yaml yml toml ini conf', { comments: [...HASH, '^;'], quotes: `"'`, keywords: CONSTANTS }],
  [
    'html xml svg vue svelte',
    {
      blocks: { '<!--': { close: '-->', style: 'dim' } },
      quotes: `"`,
      tags: true,
      keywords: words(''),
    },
  ],
  ['css scss less', { ...C, keywords: words('@media @import @supports @keyframes important') }],
  [
    'diff patch',
    {
      keywords: words(''),
      lines: [
        { start: '+++', style: 'bold' },
        { start: '---', style: 'bold' },
        { start: '+', style: 'added' },
        { start: '-', style: 'removed' },
        { start: '@@', style: 'dim' },
      ],
    },
  ],
];

const BY_NAME: ReadonlyMap<string, Language> = new Map(
  LANGUAGES.flatMap(([names, language]) =>
    names.split(' ').map((name) => [name, language] as const),
  ),
);
