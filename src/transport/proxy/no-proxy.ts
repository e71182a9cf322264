/** Whether a URL is of this machine: `localhost` and what is below it, 127.0.0.0/8, `::1`. */
export function isLoopback({ hostname }: URL): boolean {
  const host = bare(hostname);
  return /(^|\.)localhost$/.test(host) || /^(127\.|::1$|::ffff:7f)/.test(host);
}

/**
 * Whether a server is in a list of servers to reach without a proxy, as curl reads it: separated by commas
 * or blanks; `*` is every server; a name stands for itself and for what is below it, with or without a dot
 * before it; addresses, IPv6 in brackets or not; networks such as `10.0.0.0/8`; each with or without a port.
 */
export function isExempt(target: URL, list: string): boolean {
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  const host = bare(target.hostname);
  return list
    .toLowerCase()
    .split(/[\s,]/)
    .some((entry) => {
      if (entry.includes('/')) return isInNetwork(host, entry);
      const [name, wanted = port] = splitPort(entry);
      return wanted === port && matches(host, name);
    });
}

function matches(host: string, pattern: string): boolean {
  if (pattern === '*') return true;
  if (isAddress(host)) return host === toAddress(pattern);
  const name = bare(pattern.replace(/^\*?\./, ''));
  return name !== '' && (host === name || host.endsWith(`.${name}`));
}

/** A port follows a name, an IPv4 address, or an IPv6 address in brackets. */
function splitPort(entry: string): [name: string, port?: string] {
  const at = entry.lastIndexOf(':');
  const isPort = at > 0 && (entry[at - 1] === ']' || entry.indexOf(':') === at);
  return isPort ? [entry.slice(0, at), entry.slice(at + 1)] : [entry];
}

/** As `URL` writes hosts, without the brackets of an IPv6 address and the dot at the end of a full name. */
function bare(host: string): string {
  return host.replace(/^\[|\]$|\.$/g, '');
}

/** URLs have addresses in one form only, so names are what is left. */
function isAddress(host: string): boolean {
  return host.includes(':') || /^[\d.]+$/.test(host);
}

/** An address in the form that URLs have. */
function toAddress(text: string): string {
  const host = text.includes(':') ? `[${bare(text)}]` : text;
  return URL.canParse(`http://${host}`) ? bare(new URL(`http://${host}`).hostname) : text;
}

function isInNetwork(host: string, network: string): boolean {
  const { BlockList } = process.getBuiltinModule('node:net');
  const [base = '', bits = ''] = network.split('/');
  const [address, family] = [toAddress(base), base.includes(':') ? 'ipv6' : 'ipv4'] as const;
  if (bits === '') return false;
  try {
    const list = new BlockList();
    list.addSubnet(address, Number(bits), family);
    return list.check(host, host.includes(':') ? 'ipv6' : 'ipv4');
  } catch {
    return false; // No address, or no network: as curl, it stands for nothing.
  }
}
