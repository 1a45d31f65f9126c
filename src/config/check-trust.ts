import { AdrError } from '../errors.ts';
import type { Environment } from '../system/paths.ts';
import { type GuardedLine, listGuardedLines } from './guarded-lines.ts';
import type { ProjectFile } from './project-file.ts';
import type { RefusedItem } from './resolve.ts';
import { isTrusted, storeTrust } from './trust-store.ts';

/** A project file that wants more than it may without the user's trust. */
export interface UntrustedFile {
  readonly path: string;
  /** Every line that trust would cover. */
  readonly lines: readonly GuardedLine[];
}

/** Shows the lines and asks whether to trust the file as it stands. */
export type ConfirmTrust = (file: UntrustedFile) => Promise<boolean>;

/**
 * Lets a project file pass whose content is trusted, already or now; a yes is remembered for this very content.
 * Throws CONFIG_UNTRUSTED, LOCKED.
 */
export async function checkTrust(
  file: ProjectFile,
  refused: readonly RefusedItem[],
  env: Environment,
  confirm: ConfirmTrust | undefined,
): Promise<void> {
  if (await isTrusted(env, file)) return;
  if (!(await confirm?.({ path: file.path, lines: listGuardedLines(file) })))
    throw describeUntrusted(file, refused);
  await storeTrust(env, file);
}

function describeUntrusted(file: ProjectFile, refused: readonly RefusedItem[]): AdrError {
  const lines = [...new Map(refused.map(({ setting, origin }) => [origin.where, setting.key]))]
    .map(([where, key]) => ({ line: Number(where.slice(where.lastIndexOf(':') + 1)), key }))
    .sort((a, b) => a.line - b.line);
  const shown = lines.map(({ line, key }) => `line ${line} (${key})`).join(', ');
  return new AdrError(
    'CONFIG_UNTRUSTED',
    `"${file.path}" is not trusted: ${shown} could widen what the agent may do`,
    {
      hint: `read it, then trust it as it stands: adr trust ${quoteWord(file.directory)}`,
      details: { path: file.path, directory: file.directory, lines },
    },
  );
}

function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
