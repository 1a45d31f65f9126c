import { dirname, join, resolve } from 'node:path';
import { checkValue } from '../../config/check-value.ts';
import { removeAssignments, setAssignment } from '../../config/edit-file.ts';
import type { FoundKey } from '../../config/find-key.ts';
import { findUserFile, readUserFile } from '../../config/layers.ts';
import { findProjectFile, readProjectFile } from '../../config/project-file.ts';
import { AdrError } from '../../errors.ts';
import { withFileLock } from '../../system/file-lock.ts';
import { describePath, makePrivateDirectory, resolveRealPath } from '../../system/files.ts';
import { isLink } from '../../system/links.ts';
import { type Environment, findHome, findStateDirectory } from '../../system/paths.ts';
import { replaceFile } from '../../system/replace-file.ts';
import { type ConfigRequest, findConfigKey, listAgentTypes } from './config.ts';

/** One key as it was written. */
export interface WrittenKey extends FoundKey {
  /** What the value is read as; none: back to the value of no layer. */
  readonly items: readonly string[];
}

/** What became of a config file. */
export interface ConfigEdit {
  readonly path: string;
  readonly keys: readonly WrittenKey[];
  /** The lines that were written count only with `adr trust`. */
  readonly needsTrust: boolean;
  /** Relative paths that start at the file's directory and not where they were typed. */
  readonly elsewhere: readonly string[];
}

/** Where to write: the user's own file, or the project's (the nearest `.adr`, else a new one in the workspace). */
export interface EditRequest extends ConfigRequest {
  readonly project: boolean;
}

/**
 * Writes `KEY=VALUE` words into a config file, all or none: a scalar in place of its old line, a list item behind the
 * others, an empty value as a reset. Throws USAGE, CONFIG_INVALID, MOUNT_INVALID, AGENT_TYPE_UNKNOWN, REFUSED, LOCKED.
 */
export async function setConfig(request: EditRequest, words: readonly string[]): Promise<ConfigEdit> {
  const { env } = request;
  const path = await findFile(request);
  const changes = await Promise.all(words.map((word) => readWord(word, env, request.cwd)));
  await editFile(path, request, (text) =>
    changes.reduce((now, { key, setting, written, items }) => {
      const isReset = setting.kind === 'list' && items.length === 0;
      const base = isReset ? removeAssignments(now, key).text : now;
      return setAssignment(base, key, written, setting.kind === 'list' ? 'append' : 'replace');
    }, text),
  );
  return {
    path,
    keys: changes,
    needsTrust: request.project && changes.some(({ setting }) => setting.safety !== 'safe'),
    elsewhere: dirname(path) === resolve(request.cwd) ? [] : changes.flatMap(listRelativePaths),
  };
}

function listRelativePaths({ setting, items }: WrittenKey): readonly string[] {
  if (!['mounts', 'env-file', 'config-dir'].includes(setting.name)) return [];
  return items.filter((item) => !/^(~|\/)/.test(item));
}

/** Takes keys out of a config file. Gives how many lines went. Throws USAGE, REFUSED, LOCKED. */
export async function unsetConfig(
  request: EditRequest,
  words: readonly string[],
): Promise<{
  readonly path: string;
  readonly keys: readonly { readonly key: string; readonly removed: number }[];
}> {
  const found = await Promise.all(words.map((word) => findConfigKey(request.env, word)));
  const path = await findFile(request);
  let keys: readonly { readonly key: string; readonly removed: number }[] = [];
  await editFile(path, request, (text) => {
    let now = text;
    keys = found.map(({ key }) => {
      const { text: rest, removed } = removeAssignments(now, key);
      now = rest;
      return { key, removed };
    });
    return now;
  });
  return { path, keys };
}

async function readWord(
  word: string,
  env: Environment,
  cwd: string,
): Promise<WrittenKey & { readonly written: string }> {
  const equals = word.indexOf('=');
  if (equals < 0) {
    throw new AdrError('USAGE', `expected KEY=VALUE, got ${JSON.stringify(word)}`, {
      hint: `adr config set ${word}=VALUE; to read it: adr config get ${word}`,
    });
  }
  const found = await findConfigKey(env, word.slice(0, equals).trim());
  const origin = { layer: 'flag', where: found.key, base: cwd } as const;
  const value = checkValue(found.setting, word.slice(equals + 1), origin, findHome(env));
  const [name] = value.items;
  const types = await listAgentTypes(env);
  if (found.setting.name === 'agent' && name !== undefined && !types.includes(name)) {
    throw new AdrError('AGENT_TYPE_UNKNOWN', `unknown agent type ${JSON.stringify(name)}`, {
      hint: `known: ${types.join(', ')}`,
    });
  }
  return { ...found, ...value };
}

async function findFile({ env, cwd, workspace, project }: EditRequest): Promise<string> {
  if (!project) return findUserFile(env);
  const start = await resolveRealPath(resolve(cwd, workspace ?? '.'));
  if (start === undefined || (await describePath(start)) !== 'directory') {
    throw new AdrError('WORKSPACE_INVALID', `"${workspace}" is not a directory`, { hint: '--workspace DIR' });
  }
  return (await findProjectFile(start))?.path ?? join(start, '.adr');
}

async function editFile(path: string, request: EditRequest, edit: (text: string) => string): Promise<void> {
  const lock = join(findStateDirectory(request.env), 'config.lock');
  await withFileLock(lock, async () => {
    const text = request.project ? await readOwnProject(path) : ((await readUserFile(path)) ?? '');
    const next = edit(text);
    if (next !== text) await writeConfig(path, next, request.project);
  });
}

/** The agent may have put a link there: what it names is not ours to read or to change. Throws REFUSED, CONFIG_INVALID. */
async function readOwnProject(path: string): Promise<string> {
  const file = await readProjectFile(dirname(path));
  if (file) return file.text;
  if (!(await isLink(path)) && (await describePath(path)) === 'missing') return '';
  throw new AdrError('REFUSED', `"${path}" is no file that adr follows`, {
    hint: 'a project file is a regular file that you may read: move away what stands there',
  });
}

/** A new user file is private, a new project file is like any file of the project. */
async function writeConfig(path: string, text: string, project: boolean): Promise<void> {
  try {
    if (!project && (await describePath(dirname(path))) === 'missing')
      await makePrivateDirectory(dirname(path));
    await replaceFile(path, text, { mode: project ? 0o666 : 0o600, followLinks: !project });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    throw new AdrError('REFUSED', `cannot write "${path}" (${code})`, {
      hint: 'check the permissions of its directory',
      cause,
    });
  }
}
