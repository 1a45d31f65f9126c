import { isInside } from '../../config/is-inside.ts';
import { listRunRecords } from '../../container/run-directory.ts';
import type { ObservedPane } from '../../session/observed.ts';
import { readBranch } from '../../system/git-branch.ts';
import type { Environment } from '../../system/paths.ts';
import { findTreeAt, listTrees, type TreeRecord } from '../../trees/record.ts';

/** Where an agent with a tree of its own works. */
export interface TreePlace {
  readonly path: string;
  /** What is checked out there; the branch that it was given when that cannot be told. */
  readonly branch: string;
}

/** The trees of agents, by pane; an agent that works elsewhere than its session may have one. */
export async function findTreePlaces(
  env: Environment,
  sessions: readonly { readonly workspace: string; readonly panes: readonly ObservedPane[] }[],
): Promise<ReadonlyMap<string, TreePlace>> {
  const panes = sessions.flatMap((session) =>
    session.panes.filter(({ workspace }) => workspace !== session.workspace),
  );
  const places = new Map<string, TreePlace>();
  await Promise.all(
    panes.map(async ({ pane, workspace }) => {
      const record = await findTreeAt(env, workspace).catch(() => undefined);
      if (!record) return;
      const branch = (await readBranch(record.path).catch(() => undefined)) ?? record.branch;
      places.set(pane, { path: record.path, branch });
    }),
  );
  return places;
}

/** Trees in which no agent works: what sessions that have ended, or agents that were removed, have left. */
export async function listKeptTrees(env: Environment): Promise<readonly TreeRecord[]> {
  const trees = await listTrees(env);
  if (trees.length === 0) return [];
  const runs = await listRunRecords(env);
  return trees.filter(({ path }) => !runs.some(({ workspace }) => isInside(workspace, path)));
}
