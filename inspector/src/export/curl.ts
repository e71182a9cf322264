import type { Attempt } from '../recording/attempt.js';

/** Headers that curl makes itself, or that are about a connection. */
const OWN = /^(content-length|host|connection|accept-encoding|user-agent|transfer-encoding)$/i;

/** A command that sends the request again, with the key of the shell; undefined where it isn't recorded. */
export function toCurl({ request, sent }: Attempt): string | undefined {
  if (request === undefined) return undefined;
  const url =
    sent?.url ?? `\${ANTHROPIC_BASE_URL:-https://api.anthropic.com}${quotable(request.path)}`;
  const headers = Object.entries(request.headers).filter(([name]) => !OWN.test(name));
  const body = typeof request.body === 'string' ? request.body : JSON.stringify(request.body);
  return [
    `curl -N ${sent === undefined ? `"${url}"` : quoted(url)}`,
    // Gateways want the one, the API takes both.
    '-H "x-api-key: $ANTHROPIC_API_KEY"',
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined || body === '' ? [] : [`-d ${quoted(body)}`]),
  ].join(' \\\n  ');
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Within double quotes. */
const quotable = (text: string): string => text.replace(/["$`\\]/g, '\\$&');
