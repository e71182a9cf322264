import type { RequestOptions } from 'node:https';

/** A URL in parts. */
export interface Address {
  /** As `http.request` takes it. */
  options: RequestOptions;
  origin: string;
  /** Host and port. */
  authority: string;
  /** The query included. */
  path: string;
}

/** The latest one: requests go to the same, and parsing it for each costs 20 µs in a young process. */
let latest: { url: string; address: Address } | undefined;

/** @throws what Node throws for an invalid URL. */
export function addressOf(url: string): Address {
  if (latest?.url !== url) latest = { url, address: parse(new URL(url)) };
  return latest.address;
}

/** As `urlToHttpOptions` of node:url has them: importing that would be the only import of this entry from Node. */
function parse({ origin, host, protocol, hostname, port, pathname, search, href }: URL): Address {
  const path = pathname + search;
  const options = {
    ...{ protocol, path, pathname, search, href },
    // An IPv6 address is written in brackets only in a URL.
    hostname: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
    ...(port !== '' && { port: Number(port) }),
  };
  return { options, origin, authority: host, path };
}
