import { openTmux } from '../../commands/tmux/context.ts';
import { listResumable } from '../../commands/tmux/resumable.ts';
import { openAgentTypes } from '../../config/agent-types.ts';
import { SETTINGS } from '../../config/schema.ts';
import { Engine } from '../../container/engine.ts';
import { nameRun } from '../../container/find-run.ts';
import { listRuns, type RunSummary } from '../../container/runs.ts';
import { observeServer } from '../../session/observed.ts';
import { systemClock } from '../../system/clock.ts';
import type { Environment } from '../../system/paths.ts';
import { runProcess } from '../../system/process.ts';
import { listTrees, type TreeRecord } from '../../trees/record.ts';
import type { Completion } from '../command.ts';
import type { Candidate } from './plan.ts';

interface Place {
  readonly env: Environment;
  readonly session: string | undefined;
  readonly socket: string | undefined;
}

/** The names there are of a kind, now. Throws what tmux and the engine say. */
export async function findLive(what: Completion, place: Place): Promise<readonly Candidate[]> {
  switch (what) {
    case 'agent-type':
      return (await openAgentTypes(place.env).listNames()).map((value) => ({ value, describe: '' }));
    case 'config-key':
      return (SETTINGS as readonly { readonly key: string; readonly describe: string }[]).map(
        ({ key, describe }) => ({ value: key, describe }),
      );
    case 'session':
      return (await listSessions(place)).map(({ name, workspace }) => ({ value: name, describe: workspace }));
    case 'resumable':
      return listLost(place);
    case 'tree-session':
      return nameTrees(await listTrees(place.env));
    case 'tree-agent':
      return nameTreeAgents(await listTrees(place.env), place.session);
    case 'agent':
      return listAgents(place);
    case 'run':
      return nameRuns(await listRuns(place.env, openEngine(place.env)));
    default:
      return [];
  }
}

function nameTrees(trees: readonly TreeRecord[]): readonly Candidate[] {
  const names = new Map(trees.map(({ session, repository }) => [session, repository]));
  return [...names].map(([value, describe]) => ({ value, describe }));
}

function nameTreeAgents(trees: readonly TreeRecord[], wanted: string | undefined): readonly Candidate[] {
  return trees
    .filter(({ session }) => wanted === undefined || session === wanted)
    .map(({ agent, branch }) => ({ value: agent, describe: branch }));
}

async function listSessions({ env, socket }: Place) {
  return (await observeServer(openTmux(socket, env, runProcess))).sessions;
}

async function listLost({ env, socket }: Place): Promise<readonly Candidate[]> {
  const tmux = openTmux(socket, env, runProcess);
  const { sessions } = await listResumable({ env, tmux, clock: systemClock }, await observeServer(tmux));
  return sessions.map(({ wish: { name, workspace } }) => ({ value: name, describe: workspace }));
}

async function listAgents(place: Place): Promise<readonly Candidate[]> {
  const sessions = await listSessions(place);
  const wanted = sessions.filter(({ name }) => place.session === undefined || name === place.session);
  return wanted.flatMap(({ name, panes }) =>
    panes.map(({ agent, type }) => ({ value: agent, describe: `${type} in ${name}` })),
  );
}

function openEngine(env: Environment): Engine {
  return new Engine({ program: env.ADR_ENGINE === 'podman' ? 'podman' : 'docker', run: runProcess, env });
}

/** Runs by what is shortest to type and means only one: the agent, its session with it, or the run's id. */
export function nameRuns(runs: readonly RunSummary[]): readonly Candidate[] {
  return runs.map((run) => {
    const names = [run.agent, ...(run.session === undefined ? [] : [`${run.session}/${run.agent}`])];
    const isOnly = (name: string) =>
      runs.filter(({ agent, session }) => agent === name || `${session}/${agent}` === name).length === 1;
    return { value: names.find(isOnly) ?? run.run, describe: `${run.type} ${nameRun(run)}` };
  });
}
