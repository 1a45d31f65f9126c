import { isAbsolute, resolve } from 'node:path';
import { AdrError } from '../errors.ts';
import { describePath, resolveRealPath } from '../system/files.ts';

/**
 * The workspace as one canonical absolute path. tmux itself would silently fall back to another directory (3.3a).
 * Throws WORKSPACE_INVALID when it is missing, no directory, `/`, or holds a line break.
 */
export async function checkWorkspace(path: string, cwd: string): Promise<string> {
  const absolute = isAbsolute(path) ? path : resolve(cwd, path);
  const real = await resolveRealPath(absolute);
  if (real === undefined)
    throw refuse(`workspace "${path}" does not exist`, `create it: mkdir -p ${quote(absolute)}`);
  if ((await describePath(real)) !== 'directory') {
    throw refuse(`workspace "${path}" is not a directory`, 'give the directory: --workspace DIR');
  }
  if (real === '/')
    throw refuse('workspace "/" would hand over the whole machine', 'give a project: --workspace DIR');
  if (/[\n\r]/.test(real))
    throw refuse(`workspace ${JSON.stringify(real)} has a line break in its path`, 'rename it');
  return real;
}

function refuse(message: string, hint: string): AdrError {
  return new AdrError('WORKSPACE_INVALID', message, { hint });
}

function quote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
