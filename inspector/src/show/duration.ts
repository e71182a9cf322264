/** Milliseconds as a person says them: `830 ms`, `4.2 s`, `2 min 5 s`. */
export function toDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${trim((ms / 1_000).toFixed(1))} s`;
  if (ms < 100_000) return `${Math.round(ms / 1_000)} s`;
  const seconds = Math.round(ms / 1_000);
  const rest = seconds % 60;
  return `${Math.floor(seconds / 60)} min${rest === 0 ? '' : ` ${rest} s`}`;
}

const trim = (number: string): string => number.replace(/\.0$/, '');

/** A moment to the millisecond: `41.116`. */
export function toClock(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

/** A number with its thousands apart: `50,000`. `toLocaleString` takes 20 ms at its first call. */
export function toCount(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Bytes: `812 B`, `1.2 kB`, `10 MB`. */
export function toSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB'];
  let value = bytes / 1_000;
  while (value >= 1_000 && units.length > 1) {
    value /= 1_000;
    units.shift();
  }
  return `${trim(value.toFixed(value < 10 ? 1 : 0))} ${units[0]}`;
}
