import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { AdrError } from '../errors.ts';
import { listNames, makeDirectoryFor } from '../system/directories.ts';
import { readTextIfExists, removeTree, writePrivateFile } from '../system/files.ts';
import { readChangeTime } from '../system/links.ts';
import { type Environment, findRunDirectory } from '../system/paths.ts';
import type { EngineAddress } from './engine-address.ts';
import { findOwnerState, formatOwner, parseOwner, type RunIdentity } from './labels.ts';

/** The terminal and the session are facts of this process, not of who started the session. */
const OWN_VARIABLES =
  /^(TERM|COLORTERM|TERM_PROGRAM|TERM_PROGRAM_VERSION|TMUX|TMUX_PANE|ADR_RUN_ID|ADR_SESSION_ID)$/;

/** A run that is about to begin: its id, its directory on the host, and the environment of the user who wants it. */
export interface ClaimedRun {
  readonly run: string;
  readonly sessionId: string | undefined;
  readonly directory: string;
  readonly env: Environment;
  /** `adr-tmux start` gave the id: it has told the user what there is to tell. */
  readonly fromSession: boolean;
  /** What the session asks of the run beside the command line. */
  readonly launch: SessionLaunch | undefined;
}

/** Options of a session's agent, which its pane's argv must not show. */
export interface SessionLaunch {
  /** Where relative paths start. */
  readonly cwd: string;
  /** Settings by their name, as they were written. */
  readonly flags: Readonly<Record<string, readonly string[]>>;
  readonly readOnly: boolean;
  readonly configFile: string | undefined;
  readonly args: readonly string[];
  readonly conversation?: string | undefined;
}

/**
 * Takes the run id that `adr-tmux start` gave (ADR_RUN_ID) or makes one. `launch.json` in the run's directory is read
 * and deleted: its `env` is the user's environment, ours may be that of a tmux server. An id whose run is alive was
 * inherited by a run inside that one, which gets its own. Throws AGENT_EXITED in a pane of a session whose file is
 * gone: the agent would run without the options it was given.
 */
export async function claimRun(env: Environment): Promise<ClaimedRun> {
  const given = /^[0-9a-f]{12}$/.exec(env.ADR_RUN_ID ?? '')?.[0];
  const sessionId = env.ADR_SESSION_ID || undefined;
  if (given === undefined || (await isRunAlive(env, given))) {
    const run = randomBytes(6).toString('hex');
    const { ADR_RUN_ID: _inherited, ...rest } = env;
    return {
      run,
      sessionId,
      directory: findRunDirectory(env, run),
      env: rest,
      fromSession: false,
      launch: undefined,
    };
  }
  const directory = findRunDirectory(env, given);
  const launch = join(directory, 'launch.json');
  const text = await readTextIfExists(launch);
  await removeTree(launch);
  const user = text === undefined ? undefined : parseLaunchFile(text);
  if (!user && sessionId !== undefined) {
    throw new AdrError('AGENT_EXITED', 'this run of the session is over, and its options with it', {
      hint: 'start the agent anew: adr-tmux restart SESSION --agent NAME',
    });
  }
  return {
    run: given,
    sessionId,
    directory,
    env: user ? { ...user.env, ...pickOwn(env) } : env,
    fromSession: true,
    launch: user?.request,
  };
}

interface LaunchFile {
  readonly env: Environment;
  readonly request: SessionLaunch | undefined;
}

/** It is ours alone (0700, 0600): what is read is what `adr-tmux` wrote, or an older version did. */
function parseLaunchFile(text: string): LaunchFile | undefined {
  try {
    const body = JSON.parse(text) as { readonly v?: unknown } & Partial<LaunchFile>;
    if (body.v !== 1 || typeof body.env !== 'object' || body.env === null) return undefined;
    const entries = Object.entries(body.env).filter(([, value]) => typeof value === 'string');
    return { env: Object.fromEntries(entries), request: body.request };
  } catch {
    return undefined;
  }
}

function pickOwn(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => OWN_VARIABLES.test(name)));
}

/** What is known of a run on the host, beside its directory: for what finds it after its owner was killed. */
export interface RunRecord extends Omit<RunIdentity, 'version'> {
  readonly engine: string;
  /** The variables that lead the engine's client to it; undefined on the host. */
  readonly client?: EngineAddress['client'] | undefined;
}

/** Notes who owns the run and where, then makes its directory for the agent's uid: what is noted is found again. */
export async function openRunDirectory(
  directory: string,
  user: { readonly uid: number; readonly gid: number },
  record: RunRecord,
): Promise<void> {
  const note = { v: 1, ...record, owner: formatOwner(record.owner) };
  await writePrivateFile(`${directory}.json`, JSON.stringify(note));
  await makeDirectoryFor(directory, user.uid, user.gid);
}

/** The file beside a run's directory that its container sees as `/etc/passwd`. */
export function findPasswdFile(directory: string): string {
  return `${directory}.passwd`;
}

/**
 * Removes a run's directory and what stands beside it; its record last, by which it is found again. `keepRecord`: there
 * is something left to be found.
 */
export async function removeRunDirectory(directory: string, keepRecord = false): Promise<void> {
  await removeTree(directory);
  await removeTree(findPasswdFile(directory));
  if (!keepRecord) await removeTree(`${directory}.json`);
}

/** A session's pane takes its directory over within seconds. */
const UNCLAIMED_MS = 3_600_000;

/** The directories that were made for runs which never began. */
export async function listUnclaimed(env: Environment): Promise<readonly string[]> {
  const runs = dirname(findRunDirectory(env, 'x'));
  const names = await listNames(runs);
  const unclaimed: string[] = [];
  for (const name of names) {
    if (!/^[0-9a-f]{12}$/.test(name) || names.includes(`${name}.json`)) continue;
    const changed = await readChangeTime(join(runs, name));
    if (changed > 0 && Date.now() - changed > UNCLAIMED_MS) unclaimed.push(join(runs, name));
  }
  return unclaimed;
}

/** Removes the directories that were made for runs which never began. */
export async function removeUnclaimed(env: Environment): Promise<void> {
  for (const directory of await listUnclaimed(env)) await removeRunDirectory(directory);
}

/** The records of all runs of this user on this host, their directories with them. */
export async function listRunRecords(
  env: Environment,
): Promise<readonly (RunRecord & { readonly directory: string })[]> {
  const runs = dirname(findRunDirectory(env, 'x'));
  const names = (await listNames(runs)).filter((name) => /^[0-9a-f]{12}\.json$/.test(name));
  const records = await Promise.all(names.map((name) => readRecord(join(runs, name.slice(0, -5)))));
  return records.filter((record) => record !== undefined);
}

async function readRecord(
  directory: string,
): Promise<(RunRecord & { readonly directory: string }) | undefined> {
  const text = await readTextIfExists(`${directory}.json`);
  if (text === undefined) return undefined;
  try {
    const { v, owner, ...rest } = JSON.parse(text) as Record<string, unknown>;
    const parsed = parseOwner(String(owner));
    if (v !== 1 || !parsed) return undefined;
    return { ...(rest as unknown as RunRecord), owner: parsed, directory };
  } catch {
    return undefined;
  }
}

async function isRunAlive(env: Environment, run: string): Promise<boolean> {
  const record = await readRecord(findRunDirectory(env, run));
  return record !== undefined && findOwnerState(record.owner) !== 'gone';
}
