import { AdrError } from '../../errors.ts';
import { findSession } from '../../session/find-session.ts';
import type { Size } from '../../session/layout.ts';
import {
  encodePorts,
  type ObservedPane,
  type ObservedSession,
  observeServer,
} from '../../session/observed.ts';
import { forgetRun, type PlannedAgent, runInPane } from '../../session/pane-plan.ts';
import { updateWish, type Wish, type WishAgent } from '../../session/wish.ts';
import { removeTree } from '../../system/files.ts';
import { findRunDirectory } from '../../system/paths.ts';
import { describeFailure } from '../../tmux/errors.ts';
import { formatChain } from '../../tmux/quote.ts';
import { type Continuation, chooseConversation } from './choose-conversation.ts';
import { type AgentChoice, choosePanes } from './choose-panes.ts';
import type { TmuxContext } from './context.ts';
import { describeUnchecked, endAgents } from './end-agents.ts';
import { ensureMonitor } from './ensure-monitor.ts';
import { checkProgram, type Launch, planLaunch, toWishAgent, writeLaunchFile } from './launch-agents.ts';
import { placeAgents } from './place-agents.ts';
import { restoreTrees } from './plant-trees.ts';
import { findChangeable, needWish, toFacts, withSessionChange } from './session-change.ts';
import type { StartedAgent, StartResult } from './start.ts';
import { type CheckAgents, type CheckedRun, chooseSessionEngine, readWanted } from './wanted-agents.ts';

export interface RestartRequest extends AgentChoice {
  readonly session: string;
  readonly terminal: Size;
  /** Each agent goes on with its conversation instead of beginning a new one. */
  readonly resume: boolean;
}

/** A session whose agents were started anew. */
export interface RestartResult extends StartResult {
  /** What became of their conversations, in the order of the agents; undefined: nobody wanted them. */
  readonly continuations: readonly Continuation[] | undefined;
}

/** An agent that is to be started anew. */
interface Target {
  readonly agent: WishAgent;
  /** Undefined: its pane was closed. */
  readonly pane: ObservedPane | undefined;
}

/**
 * Starts agents of a session anew, alive or not: a fresh container with the same name, options and place, and where it is
 * wanted with the conversation they were in. One whose pane was closed gets another. All are checked first; `allow` is
 * asked then, and throws when it must not be. Throws SESSION_NOT_FOUND, AGENT_NOT_FOUND, USAGE, REFUSED, LOCKED, TMUX_*,
 * PARTLY_DONE, and whatever `check` finds.
 */
export async function restartAgents(
  context: TmuxContext,
  request: RestartRequest,
  check: CheckAgents,
  allow: (session: ObservedSession, panes: readonly ObservedPane[]) => Promise<void>,
): Promise<RestartResult> {
  const server = await observeServer(context.tmux);
  const known = findSession(server, request.session);
  const session = await findChangeable(context, known.name, known.id);
  await checkProgram(context);
  const targets = findTargets(session, await needWish(context, session), request);
  const owner = { sessionId: session.id, session: session.name };
  await restoreTrees(
    context,
    owner,
    targets.map(({ agent }) => agent),
  );
  const checked = await check(targets.map(({ agent }) => readWanted(agent)));
  const place = chooseSessionEngine([session, ...checked]);
  const panes = targets.flatMap(({ pane }) => pane ?? []);
  await allow(session, panes);
  const ended = await endAgents(context, session, panes, false);
  const continuations = request.resume ? await chooseAll(context, session, targets, checked) : undefined;
  const launches = targets.map(({ agent }, at) =>
    planLaunch(
      context,
      session.name,
      { ...readWanted(agent), ...goOn(continuations?.[at]) },
      agent.index,
      checked[at],
    ),
  );
  const agents = await withSessionChange(context, session.id, async () => {
    const now = await findChangeable(context, session.name, session.id);
    const started = await respawn(
      context,
      now,
      targets.flatMap(({ pane }, at) => (pane ? [{ pane, launch: launches[at] as Launch }] : [])),
    );
    const closed = launches.filter((_, at) => !targets[at]?.pane);
    if (closed.length === 0) return started;
    const again = await findChangeable(context, session.name, session.id);
    return [
      ...started,
      ...(await placeAgents(context, {
        ...{ session: again, launches: closed, terminal: request.terminal },
        places: checked,
      })),
    ];
  });
  await ensureMonitor(context, server.monitor);
  const { name, id, workspace } = session;
  if (ended.unchecked !== undefined) throw describeUnchecked(`restarted agents of ${name}`, ended.unchecked);
  return { session: name, id, workspace, engine: place.engine, agents, continuations };
}

/** By their names now: one may have begun another conversation since its end was asked for. */
async function chooseAll(
  context: TmuxContext,
  session: ObservedSession,
  targets: readonly Target[],
  checked: readonly CheckedRun[],
): Promise<readonly Continuation[]> {
  const { agents } = await needWish(context, session);
  return Promise.all(
    targets.map(({ agent }, at) => {
      const now = agents.find(({ name }) => name === agent.name) ?? agent;
      return chooseConversation(context.env, session.id, now, checked[at]);
    }),
  );
}

function goOn(continuation: Continuation | undefined): { readonly conversation?: string } {
  return continuation?.kind === 'resumed' ? { conversation: continuation.conversation } : {};
}

/** The agents meant: those in tmux, and by their names those whose panes were closed. */
function findTargets(session: ObservedSession, wish: Wish, request: AgentChoice): readonly Target[] {
  const isOpen = (name: string): boolean => session.panes.some(({ agent }) => agent === name);
  const closed = wish.agents.filter(({ name }) => request.agents.includes(name) && !isOpen(name));
  const rest = request.agents.filter((name) => !closed.some((agent) => agent.name === name));
  const onlyClosed = closed.length > 0 && rest.length === 0 && !request.all && !request.types?.length;
  const panes = onlyClosed ? [] : choosePanes(session, { ...request, agents: rest });
  const open = panes.map((pane) => {
    const agent = wish.agents.find(({ name }) => name === pane.agent);
    if (agent) return { agent, pane };
    throw new AdrError('REFUSED', `it is not known what agent "${pane.agent}" was started with`, {
      hint: `remove it and add it anew: adr-tmux remove ${session.name} --agent ${pane.agent}`,
    });
  });
  return [...open, ...closed.map((agent) => ({ agent, pane: undefined }))];
}

interface Respawn {
  /** As it was when its run was ended. */
  readonly pane: ObservedPane;
  readonly launch: Launch;
}

async function respawn(
  context: TmuxContext,
  session: ObservedSession,
  wanted: readonly Respawn[],
): Promise<readonly StartedAgent[]> {
  const { tmux, env, clock } = context;
  for (const { pane } of wanted) {
    const now = session.panes.find((other) => other.pane === pane.pane);
    if (now?.run === pane.run) continue;
    throw new AdrError(
      'LOCKED',
      `agent "${pane.agent}" was ${now ? 'restarted' : 'removed'} by somebody else`,
      {
        hint: `look: adr-tmux status ${session.name}`,
      },
    );
  }
  const agents = wanted.map(({ launch }) => toWishAgent(launch));
  try {
    await Promise.all(wanted.map(({ launch }) => writeLaunchFile(env, launch)));
    await updateWish(env, session.id, (wish) => ({
      ...wish,
      agents: wish.agents.map((agent) => agents.find(({ name }) => name === agent.name) ?? agent),
    }));
    const facts = toFacts(context, session);
    const startedAt = clock.now();
    const answer = await tmux.batch(
      wanted.map(({ pane, launch: { planned } }) =>
        buildRespawnChain(pane.pane, planned, runInPane(facts, planned, facts.env), startedAt),
      ),
    );
    const done = wanted.filter(({ launch }) => answer.stdout.includes(`STARTED ${launch.planned.run}`));
    if (done.length < wanted.length) throw describeFailure('respawn-pane', answer.stderr);
  } catch (error) {
    // The panes stay dead as they are; those that did start have read theirs.
    await Promise.all(wanted.map(({ launch }) => removeTree(findRunDirectory(env, launch.planned.run))));
    throw error;
  }
  return wanted.map(({ pane, launch: { planned } }) => ({
    ...{ type: planned.type, name: planned.name, run: planned.run },
    pane: pane.pane,
  }));
}

function buildRespawnChain(
  pane: string,
  planned: PlannedAgent,
  command: readonly string[],
  startedAt: number,
): string {
  const set = (name: string, value: string): readonly string[] => [
    'set-option',
    '-p',
    '-t',
    pane,
    name,
    value,
  ];
  return formatChain([
    ['respawn-pane', '-k', '-t', pane, ...command],
    ...forgetRun(pane),
    set('@adr_run', planned.run),
    set('@adr_started_at', `${startedAt}`),
    ...(planned.reports
      ? [['set-option', '-p', '-u', '-t', pane, '@adr_reports']]
      : [set('@adr_reports', 'off')]),
    ...(planned.ports.length > 0 ? [set('@adr_ports', encodePorts(planned.ports))] : []),
    ['select-pane', '-t', pane, '-T', planned.name],
    ['display-message', '-p', `STARTED ${planned.run}`],
  ]);
}
