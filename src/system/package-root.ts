import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The directory that holds `bin/`, `dist/` and `images/`, found upwards from this very file: the bundle's chunks stand
 * at different depths. Throws when the installation is incomplete.
 */
export function findPackageRoot(): string {
  for (let directory = dirname(fileURLToPath(import.meta.url)); ; directory = dirname(directory)) {
    if (existsSync(join(directory, 'bin', 'adr.js'))) return directory;
    if (directory === dirname(directory)) throw new Error('incomplete installation: bin/adr.js is missing');
  }
}
