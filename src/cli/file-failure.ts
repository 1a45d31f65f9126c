import { AdrError } from '../errors.ts';

/** What the machine and not a bug of ours causes; `man 3 errno` says it in these words. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EBUSY: 'it is in use',
  EDQUOT: 'your disk quota is used up',
  EIO: 'input/output error',
  EISDIR: 'it is a directory',
  ELOOP: 'too many links',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'the name is too long',
  ENFILE: 'too many open files on this machine',
  ENOSPC: 'no space left on the disk',
  ENOTDIR: 'a part of the path is no directory',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ESTALE: 'the network file system lost it',
};

const READS = ['open', 'read', 'scandir', 'opendir', 'lstat', 'stat', 'realpath', 'readlink', 'access'];

/**
 * A failure of the file system as FILE_FAILED (a full disk, a read-only HOME); undefined when the error is none.
 * Node gives such errors a system call, and the path where the call had one.
 */
export function explainFileFailure(error: unknown): AdrError | undefined {
  if (!(error instanceof Error) || error instanceof AdrError) return undefined;
  const { code = '', syscall, path, dest } = error as NodeJS.ErrnoException & { readonly dest?: string };
  if (syscall === undefined || /^(spawn|connect|listen|bind|getaddrinfo|kill)/.test(syscall))
    return undefined;
  // A recursive mkdir on a read-only file system fails so too (Node 20).
  const reason = code === 'ENOENT' && syscall === 'mkdir' ? 'it cannot be created there' : REASONS[code];
  if (reason === undefined) return undefined;
  const place = dest ?? path;
  const verb = READS.includes(syscall) && path !== undefined ? 'use' : 'write';
  const message = `cannot ${verb} ${place === undefined ? 'a file' : JSON.stringify(place)}: ${reason} (${code})`;
  const hint = /^(ENOSPC|EDQUOT)$/.test(code)
    ? 'make room there; where adr keeps its state, XDG_STATE_HOME says: see adr doctor'
    : 'check it and its permissions; adr keeps its state below XDG_STATE_HOME (~/.local/state)';
  return new AdrError('FILE_FAILED', message, { hint, cause: error, details: { code, path: place ?? null } });
}
