import { AdrError } from '../errors.ts';
import type { Environment } from '../system/paths.ts';
import type { ProcessResult, RunProcess } from '../system/process.ts';

/** What trees reach the world through. */
export interface GitTools {
  readonly run: RunProcess;
  readonly env: Environment;
}

/** Where a call works: a directory of the user's, or a git directory of ours with files that an agent wrote. */
export type GitPlace =
  | { readonly directory: string }
  | { readonly gitDirectory: string; readonly files?: string | undefined };

export interface GitCall {
  readonly input?: string | undefined;
  /** What stdout holds: text, or bytes of which each is a character. */
  readonly encoding?: 'utf8' | 'latin1' | undefined;
}

const TIMEOUT_MS = 600_000;

/** Hold in every call: no hook, no watcher, nothing in the background, no index that points elsewhere. */
const ALWAYS: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.splitIndex=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  'color.ui=false',
].flatMap((setting) => ['-c', setting]);

/** Hold where an agent wrote the files: no attributes but theirs, which name programs that nobody defines. */
const CONFINED: readonly string[] = [
  'core.attributesFile=/dev/null',
  'protocol.allow=never',
  'core.quotePath=false',
].flatMap((setting) => ['-c', setting]);

/** Variables that lead git to another repository, or make it run something. */
const LEADS =
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX|CONFIG|GRAFT_FILE|SHALLOW_FILE|REPLACE_REF_BASE|IMPLICIT_WORK_TREE|INTERNAL_.*|EXTERNAL_DIFF|PAGER|DIFF_OPTS|TRACE.*)$/;

/**
 * Runs git. In a directory of the user's it obeys his configuration, hooks excepted; with a git directory of ours no
 * configuration but that directory's, so that nothing an agent wrote names a program. Throws GIT_MISSING, and GIT_FAILED
 * when it does not end in 10 minutes.
 */
export async function runGit(
  { run, env }: GitTools,
  place: GitPlace,
  args: readonly string[],
  call: GitCall = {},
): Promise<ProcessResult> {
  const own = 'gitDirectory' in place;
  const lead = own ? [...ALWAYS, ...CONFINED] : ['-C', place.directory, ...ALWAYS];
  const answer = await run('git', [...lead, ...args], {
    env: own ? makeConfinedEnvironment(env, place) : makeUserEnvironment(env),
    ...(own ? { cwd: '/' } : {}),
    input: call.input,
    encoding: call.encoding,
    timeoutMs: TIMEOUT_MS,
  });
  if (answer.failure === 'not-found') {
    throw new AdrError('GIT_MISSING', 'git is not installed', {
      hint: 'install git, or leave out --worktree',
    });
  }
  if (answer.failure === 'timeout') throw describeGitFailure(args, 'it did not end in 10 minutes');
  return answer;
}

/** As `runGit`, and gives stdout. Throws GIT_FAILED with what git says. */
export async function needGit(
  tools: GitTools,
  place: GitPlace,
  args: readonly string[],
  call: GitCall = {},
): Promise<string> {
  const answer = await runGit(tools, place, args, call);
  if (answer.exitCode === 0) return answer.stdout;
  throw describeGitFailure(args, answer.stderr);
}

/** What git said, as a failure with a name. */
export function describeGitFailure(args: readonly string[], stderr: string): AdrError {
  const verb = args.find((word) => !word.startsWith('-')) ?? 'git';
  const said = stderr.trim().replace(/^(fatal|error): /, '');
  return new AdrError('GIT_FAILED', `git ${verb} failed: ${said === '' ? 'it said nothing' : said}`, {
    hint: 'look with git itself; adr changed nothing that git refused',
  });
}

function makeUserEnvironment(env: Environment): Environment {
  const kept = Object.entries(env).filter(([name]) => !LEADS.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', LANGUAGE: '', GIT_TERMINAL_PROMPT: '0' };
}

function makeConfinedEnvironment(
  env: Environment,
  { gitDirectory, files }: Extract<GitPlace, { readonly gitDirectory: string }>,
): Environment {
  const kept = Object.entries(env).filter(
    ([name]) => !name.startsWith('GIT_') || /^GIT_(AUTHOR|COMMITTER)_/.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    LANGUAGE: '',
    GIT_DIR: gitDirectory,
    ...(files === undefined ? {} : { GIT_WORK_TREE: files }),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_PAGER: 'cat',
    GIT_EDITOR: 'true',
  };
}
