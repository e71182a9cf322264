export const HEAD = ['what', 'unit', 'millrace', 'against', 'its value', 'ratio', 'target', 'met'];

/** What stands in the columns of a row. */
export function cells({ what, unit, ours, against, theirs, ratio, target }) {
  return [
    what,
    unit,
    figure(ours),
    against,
    figure(theirs),
    ratio.toFixed(2),
    target === undefined ? '' : `≤ ${target}`,
    target === undefined ? '' : ratio <= target ? 'yes' : 'NO',
  ];
}

/** Rows in columns, for a terminal. */
export function textTable(rows) {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The same in Markdown. */
export function markdownTable(head, lines) {
  return [head, head.map(() => '---'), ...lines]
    .map((line) => `| ${line.join(' | ')} |`)
    .join('\n');
}

/** Three digits that count. */
function figure(value) {
  if (value === Number.POSITIVE_INFINITY) return 'never';
  return Math.abs(value) >= 1_000
    ? String(Math.round(value))
    : String(Number(value.toPrecision(3)));
}
