/** What is in the first fenced code block of a Markdown text, line by line as it comes. */
export class FencedBlock {
  #line = '';
  #open: { marks: string; indent: string } | undefined;
  #isOver = false;

  /** Whether the block has begun. */
  isFound = false;

  /** @returns the lines of the block that are whole now. */
  push(text: string): string {
    const [rest = '', ...more] = text.split('\n');
    // A long line is joined once, when it ends.
    this.#line += rest;
    if (more.length === 0) return '';
    const lines = [this.#line, ...more];
    this.#line = lines.pop() ?? '';
    return lines.map((line) => this.#take(line.replace(/\r$/, ''))).join('');
  }

  /** @returns the last line of a block that nothing closed. */
  end(): string {
    const last = this.#line;
    this.#line = '';
    return last === '' ? '' : this.#take(last);
  }

  #take(line: string): string {
    if (this.#isOver) return '';
    if (this.#open === undefined) {
      const [, indent = '', marks] = /^( *)(`{3,}|~{3,})[^`]*$/.exec(line) ?? [];
      this.isFound = marks !== undefined;
      if (marks !== undefined) this.#open = { marks, indent };
      return '';
    }
    const { marks, indent } = this.#open;
    const isEnd = line.trim().startsWith(marks) && /^ *(`+|~+) *$/.test(line);
    this.#isOver = isEnd;
    // The block in a list is indented as a whole: its own indentation is what goes beyond that.
    return isEnd ? '' : `${line.replace(new RegExp(`^ {0,${indent.length}}`), '')}\n`;
  }
}
