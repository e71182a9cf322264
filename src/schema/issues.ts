import type { SchemaIssue } from './standard-schema.js';

/** Issues as a list for the model and for people, one a line: `- rows.0.id: must be of type …`. */
export function listIssues(issues: readonly SchemaIssue[]): string {
  return issues.map((issue) => `- ${describeIssue(issue)}`).join('\n');
}

/** An issue in one line, with where it is. Never throws, whatever a schema put there. */
export function describeIssue(issue: SchemaIssue): string {
  try {
    const { message, path } = issue;
    const place = (path ?? [])
      .map((segment) => String(typeof segment === 'object' ? segment.key : segment))
      .join('.');
    return place === '' ? String(message) : `${place}: ${message}`;
  } catch {
    return 'an issue without a text';
  }
}
