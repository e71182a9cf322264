import { KNOWN_BETAS } from './known-betas.js';
import { problem } from './rules.js';

/** The names in a header `anthropic-beta`. */
export function toBetas(header: string | undefined): readonly string[] {
  return (header ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** A beta is known by its name without the date: the next version of one needs no new table. */
export function checkBetas(betas: readonly string[], more: readonly string[]): string | undefined {
  const unknown = betas.filter(
    (name) => !more.includes(name) && !KNOWN_BETAS.has(name.replace(DATE, '')),
  );
  return unknown.length === 0
    ? undefined
    : `Unexpected value(s) ${unknown.map((name) => `\`${name}\``).join(', ')} for the \`anthropic-beta\` header. Please consult our documentation at platform.claude.com/docs or try again without the header.`;
}

const DATE = /-\d{4}-?\d{2}-?\d{2}$/;

/** The params that exist only with one of these betas. */
const PARAMS: Readonly<Record<string, readonly string[]>> = {
  context_management: ['context-management', 'compact'],
  mcp_servers: ['mcp-client'],
  output_format: ['structured-outputs'],
};

/** To a request without its beta, a param of a beta is one that the API doesn't know. */
export function checkBetaParams(
  params: Readonly<Record<string, unknown>>,
  betas: readonly string[],
): string | undefined {
  const given = new Set(betas.map((name) => name.replace(DATE, '')));
  for (const [name, needed] of Object.entries(PARAMS)) {
    if (params[name] != null && !needed.some((beta) => given.has(beta))) {
      return problem(name, 'Extra inputs are not permitted');
    }
  }
  return undefined;
}
