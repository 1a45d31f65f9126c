import { AdrError } from '../../errors.ts';
import { describePath } from '../../system/files.ts';
import type { GitTools } from '../../trees/git.ts';
import { hasWork, inspectTree, withTree } from '../../trees/inspect.ts';
import { listTrees, type TreeRecord } from '../../trees/record.ts';
import { isBranchHome, uprootTree } from '../../trees/remove.ts';
import { describeWork } from './describe-work.ts';

/** What became of a tree whose agent has ended. */
export interface EndedTree {
  readonly session: string;
  readonly agent: string;
  readonly path: string;
  readonly branch: string;
  /** False: it was removed, for nothing was in it that is not merged. */
  readonly kept: boolean;
  /** What is in a kept one, or why it could not be looked at. */
  readonly work?: string | undefined;
  /** Files that git ignores, which went with a removed one. */
  readonly ignored: number;
}

/**
 * Removes the trees of agents that have ended and have nothing in them that is not merged; all others stay. `agents`:
 * only theirs. Never throws for a tree that cannot be looked at: it stays.
 */
export async function endTrees(
  tools: GitTools,
  sessionId: string,
  agents?: readonly string[],
): Promise<readonly EndedTree[]> {
  const own = (await listTrees(tools.env)).filter(
    (record) => record.sessionId === sessionId && (agents === undefined || agents.includes(record.agent)),
  );
  const ended: EndedTree[] = [];
  for (const record of own) {
    const { session, agent, path, branch } = record;
    const { kept, work, ignored } = await endTree(tools, record).catch((error: unknown) => ({
      kept: true,
      work: error instanceof AdrError ? error.message : String(error),
      ignored: 0,
    }));
    ended.push({ session, agent, path, branch, kept, work, ignored });
  }
  return ended;
}

async function endTree(
  tools: GitTools,
  record: TreeRecord,
): Promise<Pick<EndedTree, 'kept' | 'work' | 'ignored'>> {
  return withTree(tools, record, async () => {
    if ((await describePath(record.path)) !== 'directory') {
      const home = await isBranchHome(tools, record);
      if (home) await uprootTree(tools, record);
      return { kept: !home, work: 'its files are gone', ignored: 0 };
    }
    const work = await inspectTree(tools, record);
    if (hasWork(work)) return { kept: true, work: describeWork(work), ignored: work.ignored };
    await uprootTree(tools, record);
    return { kept: false, ignored: work.ignored };
  });
}
