import { chmodSync } from 'node:fs';

// npm does this where it installs a package; in a checkout nobody does.
chmodSync(new URL('../dist/cli/main.js', import.meta.url), 0o755);
