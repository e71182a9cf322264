/** The README for users of the package. */
export function packageReadme(text: string): string;
/** The manifest for users of the package. */
export function packageManifest(text: string): string;
