import { describe, expect, it } from 'vitest';
import { Editor } from '../../../src/cli/chat/editor.js';
import { toEditorRows, toWindow } from '../../../src/cli/chat/editor-rows.js';
import type { Action } from '../../../src/cli/chat/key-reader.js';

/** An editor after some keys, with its cursor shown as `|`. */
function after(start: string, ...actions: Action[]): string {
  const editor = new Editor(['first', 'sec\nond']);
  const [before = '', behind = ''] = start.split('|');
  editor.insert(before + behind);
  editor.move(before.length);
  for (const action of actions) editor.apply(action);
  return `${editor.text.slice(0, editor.cursor)}|${editor.text.slice(editor.cursor)}`;
}

describe('an editor', () => {
  it.each<[string, Action[], string]>([
    ['a|b', ['newline'], 'a\n|b'],
    ['ab|', ['left', 'left', 'left'], '|ab'],
    ['|🦀e\u0301', ['right', 'right', 'delete before'], '🦀|'],
    ['a|b', ['delete after', 'delete after'], 'a|'],
    ['|ab', ['delete before'], '|ab'],
    ['one two|', ['word left', 'word left', 'word right'], 'one| two'],
    ['one two |three', ['delete word before'], 'one |three'],
    ['one| two', ['delete word after'], 'one|'],
    ['a\nbc|d', ['line start'], 'a\n|bcd'],
    ['a|b\nc', ['line end'], 'ab|\nc'],
    ['a\nbc|d', ['delete to line start'], 'a\n|d'],
    ['a|b\nc', ['delete to line end'], 'a|\nc'],
    ['abc\nde|', ['up'], 'ab|c\nde'],
    ['abc|\nde', ['down'], 'abc\nde|'],
    ['draft|', ['up'], 'sec\nond|'],
    ['draft|', ['up', 'up', 'up', 'up'], 'first|'],
    ['draft|', ['up', 'down', 'down'], 'draft|'],
  ])('%j after %j is %j', (start, actions, end) => {
    expect(after(start, ...actions)).toBe(end);
  });

  it('continues a line that ends with a backslash', () => {
    const editor = new Editor();
    editor.insert('a\\');
    expect([editor.continueLine(), editor.text]).toEqual([true, 'a\n']);
    editor.insert('b\\\\');
    expect([editor.continueLine(), editor.text]).toEqual([false, 'a\nb\\\\']);
  });

  it('remembers what it has given away', () => {
    const editor = new Editor();
    editor.insert('one');
    expect(editor.take()).toBe('one');
    editor.apply('up');
    expect(editor.text).toBe('one');
  });
});

describe('the rows of a message', () => {
  it.each<[string, number, number, object]>([
    ['', 0, 10, { rows: ['> '], row: 0, column: 2 }],
    ['one\ntwo', 5, 10, { rows: ['> one', '  two'], row: 1, column: 3 }],
    ['123456789', 9, 10, { rows: ['> 12345678', '  9'], row: 1, column: 3 }],
    ['12345678', 8, 10, { rows: ['> 12345678', '  '], row: 1, column: 2 }],
    ['水水水水水', 0, 10, { rows: ['> 水水水水', '  水'], row: 0, column: 2 }],
    ['a\tb\u001bc\u202ed', 0, 20, { rows: ['> a    b\ufffdc\ufffdd'], row: 0, column: 2 }],
  ])('%j at %i in %i columns', (text, cursor, columns, expected) => {
    expect(toEditorRows(text, cursor, columns)).toEqual(expected);
  });

  it('are those around the cursor where a terminal has no room for all', () => {
    const rows = ['a', 'b', 'c', 'd', 'e'];
    const shown = [0, 2, 4].map((row) => toWindow({ rows, row, column: 0 }, 3));
    expect(shown).toEqual([
      { rows: ['a', 'b', 'c'], row: 0, column: 0 },
      { rows: ['a', 'b', 'c'], row: 2, column: 0 },
      { rows: ['c', 'd', 'e'], row: 2, column: 0 },
    ]);
  });
});
