/** An http(s) URL without user name and password. Of anything else, what follows the last `@`. */
export function withoutUserinfo(url: string): string {
  if (!URL.canParse(url) || !/^https?:/i.test(url)) return url.slice(url.lastIndexOf('@') + 1);
  const parsed = new URL(url);
  if (parsed.username === '' && parsed.password === '') return url;
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}
