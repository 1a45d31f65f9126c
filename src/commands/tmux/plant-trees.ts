import { findWorkspace } from '../../container/workspace.ts';
import { AdrError } from '../../errors.ts';
import { readWish, type WishAgent } from '../../session/wish.ts';
import { describePath } from '../../system/files.ts';
import { runGit } from '../../trees/git.ts';
import { hasWork, inspectTree, withTree } from '../../trees/inspect.ts';
import { nameBranch, plantTree, regrowTree } from '../../trees/plant.ts';
import { findTreeWorkspace, listTrees, readTreeRecord, type TreeRecord } from '../../trees/record.ts';
import { isBranchHome, uprootTree } from '../../trees/remove.ts';
import { findRepository, type Repository } from '../../trees/repository.ts';
import type { TmuxContext } from './context.ts';
import { describeWork } from './describe-work.ts';
import type { StartedAgent } from './start.ts';
import type { CheckedRun, WantedAgent } from './wanted-agents.ts';

type Tools = Pick<TmuxContext, 'run' | 'env' | 'clock'>;

/** The session that trees are made for. */
export interface TreeOwner {
  readonly sessionId: string;
  readonly session: string;
}

/**
 * Gives every agent that wants one a tree of its own, all or none, and does `work` with them; when that fails the trees
 * go. A worktree where the agent runs on this host, a clone where it runs in a container. Throws WORKSPACE_INVALID,
 * REFUSED, NAME_CONFLICT, GIT_*, what `work` throws.
 */
export async function withTrees<T extends { readonly agents: readonly StartedAgent[] }>(
  tools: Tools,
  owner: TreeOwner,
  agents: readonly WantedAgent[],
  checked: readonly CheckedRun[],
  work: (agents: readonly WantedAgent[]) => Promise<T>,
): Promise<T & { readonly notes: readonly string[] }> {
  const trees: TreeRecord[] = [];
  const repositories = new Map<string, Repository>();
  try {
    const planted: WantedAgent[] = [];
    for (const [at, agent] of agents.entries()) {
      const kind = checked[at]?.engine === 'host' ? 'worktree' : 'clone';
      if (!agent.worktree) planted.push(agent);
      else {
        const repository =
          repositories.get(agent.workspace) ?? (await findRepository(tools, agent.workspace));
        repositories.set(agent.workspace, repository);
        const record = await plant(tools, owner, agent.name, repository, kind);
        trees.push(record);
        const tree = { origin: agent.workspace, kind } as const;
        planted.push({ ...agent, workspace: findTreeWorkspace(record), tree });
      }
    }
    const done = await work(planted);
    return {
      ...done,
      agents: done.agents.map((agent) => {
        const record = trees.find((tree) => tree.agent === agent.name);
        return record ? { ...agent, tree: { path: record.path, branch: record.branch } } : agent;
      }),
      notes: [...repositories.values()].flatMap(describeRepository),
    };
  } catch (error) {
    for (const record of trees) await uprootTree(tools, record).catch(() => undefined);
    throw error;
  }
}

/**
 * Sees to it that agents which are started again find their trees where they were: one that was clean when the session
 * was stopped, or whose files are gone, is made anew. Throws as `withTrees` does.
 */
export async function restoreTrees(
  tools: Tools,
  owner: TreeOwner,
  agents: readonly WishAgent[],
): Promise<void> {
  for (const { name, workspace, tree } of agents) {
    if (!tree || (await describePath(workspace)) === 'directory') continue;
    const known = await readTreeRecord(tools.env, owner.sessionId, name);
    if (known) await withTree(tools, known, () => regrowTree(tools, known));
    else
      await plant(
        tools,
        owner,
        name,
        await findRepository(tools, await findWorkspace(tree.origin)),
        tree.kind,
      );
  }
}

async function plant(
  tools: Tools,
  owner: TreeOwner,
  agent: string,
  repository: Repository,
  kind: TreeRecord['kind'],
): Promise<TreeRecord> {
  await clearWay(tools, owner, agent, repository);
  return plantTree(tools, repository, { ...owner, agent, kind, createdAt: tools.clock.now() });
}

/** Removes what an earlier session of that name left, if nothing would be lost. Throws NAME_CONFLICT. */
async function clearWay(
  tools: Tools,
  { session, sessionId }: TreeOwner,
  agent: string,
  repository: Repository,
): Promise<void> {
  const branch = nameBranch(session, agent);
  const { gitDirectory, top } = repository;
  const old = (await listTrees(tools.env)).find(
    (record) => record.gitDirectory === gitDirectory && record.branch === branch,
  );
  if (old) {
    const wish = await readWish(tools.env, old.sessionId).catch(() => undefined);
    const live =
      wish !== undefined &&
      wish.stoppedAt === undefined &&
      old.sessionId !== sessionId &&
      wish.agents.some(({ name }) => name === agent);
    await withTree(tools, old, () => clearOld(tools, old, live));
    return;
  }
  // Of an earlier session, and all of it came home: nothing is lost. One that is checked out stays, and is told of.
  const place = { directory: top };
  if (await isBranchHome(tools, { repository: top, branch }))
    await runGit(tools, place, ['branch', '--quiet', '-D', '--', branch]);
}

async function clearOld(tools: Tools, old: TreeRecord, live: boolean): Promise<void> {
  const work = (await describePath(old.path)) === 'directory' ? await inspectTree(tools, old) : undefined;
  if (!live && (work ? !hasWork(work) : await isBranchHome(tools, old))) return uprootTree(tools, old);
  const { session, agent } = old;
  const what = live
    ? 'another session of that name works in it'
    : work
      ? describeWork(work)
      : 'its files are gone';
  throw new AdrError(
    'NAME_CONFLICT',
    `agent "${agent}" of a session "${session}" has a tree already: ${what}`,
    {
      hint: `bring it home: adr-tmux merge ${session} --agent ${agent}; drop it: adr-tmux discard ${session} --agent ${agent}; or go on with it: adr-tmux resume ${session}`,
    },
  );
}

function describeRepository({ top, uncommitted, submodules }: Repository): readonly string[] {
  const changes = uncommitted === 1 ? '1 uncommitted change is' : `${uncommitted} uncommitted changes are`;
  return [
    ...(uncommitted === 0 ? [] : [`${changes} in ${top} and not in the agents' trees`]),
    ...(submodules ? [`the submodules of ${top} are empty in the agents' trees`] : []),
  ];
}
