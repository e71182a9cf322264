import { get } from 'node:http';

/**
 * The text at an address. Over a connection of its own: a kept one may have been closed while this
 * thread was blocked, and its pool would not know yet.
 */
export function ask(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, async (response) => {
      response.setEncoding('utf8');
      resolve((await response.toArray()).join(''));
    }).on('error', reject);
  });
}
