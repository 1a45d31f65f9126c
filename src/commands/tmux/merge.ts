import { readGitIdentity } from '../../container/host-facts.ts';
import { AdrError } from '../../errors.ts';
import { type GitTools, needGit } from '../../trees/git.ts';
import { HOME_REF, inspectTree, type OtherLine, type TreeWork, withTree } from '../../trees/inspect.ts';
import { checkOriginal, fetchWork, type Merged, mergeInto } from '../../trees/merge-into.ts';
import { placeOwnGit } from '../../trees/own-git.ts';
import { count } from './describe-work.ts';
import { findTree } from './find-trees.ts';

export interface MergeRequest {
  readonly session: string;
  readonly agent: string | undefined;
  /** Another branch of the agent's, or a stash, instead of what is checked out in its tree. */
  readonly branch: string | undefined;
  /** What becomes of work that the agent has not committed; undefined: then nothing is merged. */
  readonly uncommitted: 'commit' | 'leave' | undefined;
  /** Of the commits that are made. */
  readonly message: string | undefined;
  readonly how: 'usual' | 'no-ff' | 'squash';
}

export interface MergeResult extends Merged {
  readonly session: string;
  readonly agent: string;
  readonly branch: string;
  readonly repository: string;
  /** Files that were left behind uncommitted. */
  readonly left: number;
  /** Other branches and stashes of the agent that are not in it. */
  readonly others: TreeWork['others'];
}

/**
 * Brings the work of an agent home: its commits are fetched into the original and merged into the branch that is checked
 * out there. A conflict leaves everything as it was. Throws TREE_NOT_FOUND, USAGE, REFUSED (uncommitted work, the
 * original in the way), MERGE_CONFLICT, LOCKED, GIT_*.
 */
export async function mergeTree(tools: GitTools, request: MergeRequest): Promise<MergeResult> {
  const record = await findTree(tools, request.session, request.agent);
  return withTree(tools, record, async () => {
    const work = await inspectTree(tools, record);
    const into = await checkOriginal(tools, record);
    const other = findOther(work, request.branch);
    const pending = work.uncommitted.length;
    if (!other && pending > 0 && request.uncommitted === undefined) throw describeUncommitted(work);
    const commits = !other && request.uncommitted === 'commit' && pending > 0;
    const tip = commits ? await commitFiles(tools, work, request.message) : (other?.tip ?? work.head);
    const { how, message } = request;
    const name = other ? `${other.name} of ${record.branch}` : record.branch;
    const ref = await fetchWork(tools, record, tip, other === undefined);
    const merged = await mergeInto(tools, record, { tip, into, how, message, commit: commits, name, ref });
    if (!other) await needGit(tools, placeOwnGit(tools.env, record), ['update-ref', HOME_REF, tip]);
    const { session, agent, branch, repository } = record;
    return {
      ...merged,
      ...{
        session,
        agent,
        branch,
        repository,
        left: commits ? 0 : pending,
        others: work.others.filter((line) => line !== other),
      },
    };
  });
}

/** Throws USAGE. */
function findOther({ others, record }: TreeWork, branch: string | undefined): OtherLine | undefined {
  if (branch === undefined || branch === record.branch) return undefined;
  const found = others.find(({ name }) => name === branch);
  if (found) return found;
  throw new AdrError('USAGE', `agent "${record.agent}" has nothing on "${branch}" that is not merged`, {
    hint:
      others.length === 0 ? 'leave out --branch' : `there is: ${others.map(({ name }) => name).join(', ')}`,
  });
}

/** All files of the tree as a commit of the user's on top of the agent's. */
async function commitFiles(
  tools: GitTools,
  { record, head, files }: TreeWork,
  message: string | undefined,
): Promise<string> {
  if (message === undefined || message.trim() === '') {
    throw new AdrError('USAGE', '--commit needs a message', { hint: '--commit -m "What was done"' });
  }
  const identity = await readGitIdentity(tools.run, tools.env, record.repository);
  if (identity.GIT_AUTHOR_NAME === undefined || identity.GIT_AUTHOR_EMAIL === undefined) {
    throw new AdrError('REFUSED', 'git does not know who you are', {
      hint: 'git config --global user.name "..." and user.email "...", then again',
    });
  }
  const known = { ...tools, env: { ...identity, ...tools.env } };
  const place = placeOwnGit(tools.env, record);
  const args = ['commit-tree', files, '-p', head];
  return (await needGit(known, place, args, { input: `${message.trimEnd()}\n` })).trim();
}

function describeUncommitted({ record, uncommitted }: TreeWork): AdrError {
  const { session, agent } = record;
  const shown = uncommitted.slice(0, 3).map(({ path }) => JSON.stringify(path));
  const more = uncommitted.length > 3 ? ', ...' : '';
  return new AdrError(
    'REFUSED',
    `agent "${agent}" has ${count(uncommitted.length, 'uncommitted file')}: ${shown.join(', ')}${more}`,
    {
      hint: `take them along: adr-tmux merge ${session} --agent ${agent} --commit -m "..."; leave them: --only-commits; or let it commit: adr-tmux send ${session} --agent ${agent} "Commit your work"`,
    },
  );
}
