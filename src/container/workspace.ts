import { AdrError } from '../errors.ts';
import { isWritable, readOwnership } from '../system/directories.ts';
import { describePath, resolveRealPath } from '../system/files.ts';

/** The canonical path of a workspace. Throws WORKSPACE_INVALID: missing, not a directory, `/`, a line break in it. */
export async function findWorkspace(path: string): Promise<string> {
  const hint = 'give an existing directory: --workspace DIR';
  const real = await resolveRealPath(path);
  if (real === undefined) {
    throw new AdrError('WORKSPACE_INVALID', `workspace directory does not exist: "${path}"`, { hint });
  }
  if ((await describePath(real)) !== 'directory') {
    throw new AdrError('WORKSPACE_INVALID', `workspace is not a directory: "${path}"`, { hint });
  }
  if (real === '/') throw new AdrError('WORKSPACE_INVALID', 'the workspace cannot be "/"', { hint });
  // Neither tmux nor the engine's mount option could carry it.
  if (/[\n\r]/.test(real)) {
    throw new AdrError(
      'WORKSPACE_INVALID',
      `the workspace has a line break in its path: ${JSON.stringify(real)}`,
      {
        hint: 'rename the directory',
      },
    );
  }
  return real;
}

/**
 * Checks that the agent's user can work in the workspace. In a container root has no capabilities, so its uid counts
 * like any other. Throws WORKSPACE_INVALID.
 */
export async function checkWorkspaceAccess(
  workspace: string,
  user: { readonly uid: number; readonly gid: number },
): Promise<void> {
  const own = process.getuid?.();
  if (own === undefined || process.platform !== 'linux') return;
  const { uid, gid, mode } = await readOwnership(workspace);
  const bits = uid === user.uid ? mode >> 6 : gid === user.gid ? mode >> 3 : mode;
  if ((bits & 0o7) === 0o7) return;
  // Access lists can grant what the bits do not say; only for ourselves can we ask.
  if (own !== 0 && own === user.uid && (await isWritable(workspace))) return;
  throw new AdrError('WORKSPACE_INVALID', `workspace "${workspace}" is not writable for uid ${user.uid}`, {
    hint: `it belongs to ${uid}:${gid} (mode ${mode.toString(8)}): run as its owner with --user ${uid}:${gid}, or chown it`,
  });
}
