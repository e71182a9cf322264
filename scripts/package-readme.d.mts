/** The README for users of the package. */
export function packageReadme(text: string): string;
