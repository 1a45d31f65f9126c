import { AdrError } from '../../errors.ts';
import { describePath } from '../../system/files.ts';
import type { GitTools } from '../../trees/git.ts';
import { inspectTree, type TreeWork, withTree } from '../../trees/inspect.ts';
import type { TreeRecord } from '../../trees/record.ts';
import { uprootTree } from '../../trees/remove.ts';
import { findRunIn, findTrees } from './find-trees.ts';

/** A tree that is to go, and what goes with it. */
export interface Doomed {
  readonly record: TreeRecord;
  /** Undefined: its files are gone already, or why it cannot be looked at. */
  readonly work: TreeWork | string | undefined;
}

export interface DiscardResult {
  readonly session: string;
  readonly discarded: readonly { readonly agent: string; readonly branch: string; readonly path: string }[];
}

/**
 * Removes trees with their branches, whatever is in them: `allow` is asked first, and throws when it must not be. None
 * while an agent works in it. Throws TREE_NOT_FOUND, USAGE, REFUSED, LOCKED, GIT_*.
 */
export async function discardTrees(
  tools: GitTools,
  session: string,
  agents: readonly string[],
  allow: (doomed: readonly Doomed[]) => Promise<void>,
): Promise<DiscardResult> {
  const records = await findTrees(tools, session, agents);
  for (const record of records) await refuseRunning(tools, record);
  const doomed: Doomed[] = [];
  for (const record of records) doomed.push({ record, work: await look(tools, record) });
  await allow(doomed);
  const discarded: DiscardResult['discarded'][number][] = [];
  for (const record of records) {
    await withTree(tools, record, async () => {
      await refuseRunning(tools, record);
      await uprootTree(tools, record);
    });
    discarded.push({ agent: record.agent, branch: record.branch, path: record.path });
  }
  return { session: records[0]?.session ?? session, discarded };
}

async function look(tools: GitTools, record: TreeRecord): Promise<Doomed['work']> {
  if ((await describePath(record.path)) !== 'directory') return undefined;
  return withTree(tools, record, () => inspectTree(tools, record)).catch((error: unknown) => {
    if (error instanceof AdrError && error.code !== 'LOCKED') return error.message;
    throw error;
  });
}

async function refuseRunning(tools: GitTools, record: TreeRecord): Promise<void> {
  if ((await findRunIn(tools, record)) === undefined) return;
  const { session, agent } = record;
  throw new AdrError('REFUSED', `agent "${agent}" of session "${session}" is running in its tree`, {
    hint: `end it first: adr-tmux remove ${session} --agent ${agent}, or adr-tmux stop ${session}; if it was killed: adr clean`,
  });
}
