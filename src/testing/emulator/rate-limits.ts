/** Far ahead, and the same in each run. */
const RESET = '2030-01-01T00:00:00Z';

const LIMITS = {
  requests: 4000,
  tokens: 480_000,
  'input-tokens': 400_000,
  'output-tokens': 80_000,
};

/** What the API tells of its limits. Each request takes one of the requests, none is ever refused. */
export function rateLimitHeaders(request: number): Readonly<Record<string, string>> {
  const headers: Record<string, string> = { 'anthropic-organization-id': 'org_emulator' };
  for (const [what, limit] of Object.entries(LIMITS)) {
    const used = what === 'requests' ? request : 0;
    headers[`anthropic-ratelimit-${what}-limit`] = String(limit);
    headers[`anthropic-ratelimit-${what}-remaining`] = String(Math.max(0, limit - used));
    headers[`anthropic-ratelimit-${what}-reset`] = RESET;
  }
  return headers;
}
