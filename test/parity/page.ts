import { codeOf, type Row, type Section } from './row.js';

/** The rows as a part of a page, in Markdown. */
export function render(sections: readonly Section[]): string {
  return sections.map(renderSection).join('\n');
}

function renderSection({ title, intro, rows }: Section): string {
  const head = intro === undefined ? `### ${title}\n` : `### ${title}\n\n${intro}\n`;
  return [head, ...rows.map(renderRow)].join('\n');
}

function renderRow(row: Row): string {
  const { python, awaiting, blocking = awaiting, differs } = row;
  const parts = [block('python', python)];
  const [first, second] = [codeOf(row, 'awaiting'), codeOf(row, 'blocking')];
  if (first !== undefined) parts.push(block(TYPESCRIPT, first));
  if (typeof awaiting !== 'string') parts.push(`With \`Anthropic\`: ${awaiting.none}.\n`);
  if (typeof blocking !== 'string') parts.push(`With \`SyncAnthropic\`: ${blocking.none}.\n`);
  else if (row.blocking !== undefined && second !== undefined) {
    parts.push('With `SyncAnthropic`:\n', block(TYPESCRIPT, second));
  }
  if (differs !== undefined) parts.push(`Different: ${differs}.\n`);
  return parts.join('\n');
}

/** Not `ts`: what is in such a block is a program of its own. */
const TYPESCRIPT = 'typescript';

function block(language: string, code: string): string {
  return `\`\`\`${language}\n${code}\n\`\`\`\n`;
}
