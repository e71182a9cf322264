/** The line that opens a code block. */
export interface Fence {
  readonly marks: string;
  /** The number of spaces before the marks. */
  readonly indent: number;
}

/** The fence on a line, with a language or without; undefined if the line is none. */
export function readFence(line: string): Fence | undefined {
  const indent = countSpaces(line);
  const [marks] = /^(?:`{3,}|~{3,})/.exec(line.slice(indent)) ?? [];
  // Backticks with more of them on the same line are code within a line.
  const isCode = marks === undefined || line.indexOf('`', indent + marks.length) !== -1;
  return isCode ? undefined : { marks, indent };
}

export function countSpaces(line: string): number {
  let count = 0;
  while (line[count] === ' ') count++;
  return count;
}
