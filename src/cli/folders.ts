import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { readEnv, type Terminal } from './terminal.js';

/** Where the command keeps what it writes: `$XDG_DATA_HOME/millrace`, else `~/.local/share/millrace`. */
export function getDataFolder(terminal: Terminal): string {
  return toFolder(terminal, 'XDG_DATA_HOME', '.local/share');
}

/** Where the user configures it: `$XDG_CONFIG_HOME/millrace`, else `~/.config/millrace`. */
export function getConfigFolder(terminal: Terminal): string {
  return toFolder(terminal, 'XDG_CONFIG_HOME', '.config');
}

/** A path as a user writes or drops it: `~` is the home folder, and quotes or backslashes protect spaces. */
export function toPath(written: string, terminal: Terminal): string {
  const [, quoted] =
    /^(?:'(.*)'|"(.*)")$/.exec(written)?.filter((part) => part !== undefined) ?? [];
  const path = quoted ?? written.replace(/\\([ '"()&])/g, '$1');
  return path.startsWith('~/') ? join(toHome(terminal), path.slice(2)) : path;
}

function toFolder(terminal: Terminal, variable: string, fallback: string): string {
  const folder = readEnv(terminal, variable);
  // The specification has relative ones ignored.
  const base = folder !== undefined && isAbsolute(folder) ? folder : undefined;
  return join(base ?? join(toHome(terminal), fallback), 'millrace');
}

const toHome = (terminal: Terminal): string => readEnv(terminal, 'HOME') ?? homedir();
