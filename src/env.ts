/**
 * An environment variable, on runtimes that have them; undefined where it is unset or empty, or where Deno
 * isn't allowed to read it: every variable has an option too.
 */
export function env(name: string): string | undefined {
  try {
    return read(name)?.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Whether Deno forbids to read a variable. */
export function isForbidden(name: string): boolean {
  try {
    read(name);
    return false;
  } catch {
    return true;
  }
}

function read(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  return process?.env?.[name];
}
