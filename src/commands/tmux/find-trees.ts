import { isInside } from '../../config/is-inside.ts';
import { listRunRecords } from '../../container/run-directory.ts';
import { AdrError } from '../../errors.ts';
import { stripPrefix } from '../../session/names.ts';
import { suggestName } from '../../suggest.ts';
import { listTrees, type TreeRecord } from '../../trees/record.ts';
import type { TmuxContext } from './context.ts';

type Tools = Pick<TmuxContext, 'env'>;

/**
 * The trees of a session's agents, running or ended long ago, by its name or its id; `agents` narrows them down. Needs no
 * tmux. Throws TREE_NOT_FOUND, USAGE when sessions of that name have left trees for the same agent.
 */
export async function findTrees(
  { env }: Tools,
  given: string,
  agents: readonly string[],
): Promise<readonly TreeRecord[]> {
  const all = await listTrees(env);
  const sessions = [...new Set(all.map(({ session }) => session))];
  const name = stripPrefix(given, (known) => sessions.includes(known));
  const own = all.filter(({ session, sessionId }) => session === name || sessionId === given);
  if (own.length === 0) throw describeNoTrees(given, sessions);
  const chosen = agents.length === 0 ? own : own.filter(({ agent }) => agents.includes(agent));
  const missing = agents.find((agent) => !own.some((record) => record.agent === agent));
  if (missing !== undefined) throw describeNoTree(given, missing, own);
  for (const { agent } of chosen) {
    const same = chosen.filter((record) => record.agent === agent);
    if (same.length > 1) throw describeSeveral(given, agent, same);
  }
  return chosen;
}

/** The one tree meant. Throws as `findTrees` does, USAGE when there are several. */
export async function findTree(
  tools: Tools,
  session: string,
  agent: string | undefined,
): Promise<TreeRecord> {
  const found = await findTrees(tools, session, agent === undefined ? [] : [agent]);
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  const names = found.map((record) => record.agent);
  throw new AdrError('USAGE', `${names.length} agents of "${session}" have a tree: say which one`, {
    hint: `--agent ${names.join(', --agent ')}`,
  });
}

/** The run that works in a tree now, or may have left a container that does; undefined when there is none. */
export async function findRunIn({ env }: Tools, { path }: TreeRecord): Promise<string | undefined> {
  const runs = await listRunRecords(env);
  return runs.find(({ workspace }) => isInside(workspace, path))?.run;
}

function describeNoTrees(given: string, sessions: readonly string[]): AdrError {
  const near = suggestName(given, sessions);
  return new AdrError('TREE_NOT_FOUND', `no agent of a session "${given}" has a tree of its own`, {
    hint: near
      ? `did you mean "${near}"?`
      : sessions.length > 0
        ? `there are trees of: ${sessions.join(', ')}`
        : `give them one: adr-tmux start ${given} --worktree --agent TYPE`,
  });
}

function describeNoTree(given: string, agent: string, own: readonly TreeRecord[]): AdrError {
  const names = own.map((record) => record.agent);
  const near = suggestName(agent, names);
  return new AdrError('TREE_NOT_FOUND', `agent "${agent}" of session "${given}" has no tree of its own`, {
    hint: near ? `did you mean "${near}"?` : `these have one: ${[...new Set(names)].join(', ')}`,
  });
}

function describeSeveral(given: string, agent: string, same: readonly TreeRecord[]): AdrError {
  const ids = same.map(({ sessionId, repository }) => `${sessionId} (${repository})`).join(', ');
  return new AdrError('USAGE', `several sessions "${given}" have left a tree of agent "${agent}"`, {
    hint: `write the session's id in place of its name: ${ids}`,
  });
}
