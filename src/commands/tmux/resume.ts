import { AdrError } from '../../errors.ts';
import { readLayout, type Size } from '../../session/layout.ts';
import { observeServer } from '../../session/observed.ts';
import { readWish, type Wish, type WishAgent, type WishPrompt } from '../../session/wish.ts';
import { describePath } from '../../system/files.ts';
import { type Continuation, chooseConversation } from './choose-conversation.ts';
import type { TmuxContext } from './context.ts';
import { endLeftoversOf } from './end-leftovers.ts';
import { restoreTrees } from './plant-trees.ts';
import { recordFact } from './record-fact.ts';
import { describeRunning } from './resumable.ts';
import { withSessionChange } from './session-change.ts';
import { checkTools, openSession, type StartedAgent, type StartResult } from './start.ts';
import { type CheckAgents, readWanted, type WantedAgent } from './wanted-agents.ts';

export interface ResumeOptions {
  /** Every agent begins a new conversation. */
  readonly fresh: boolean;
  /** Only say what would be done. */
  readonly dryRun: boolean;
  readonly terminal: Size;
}

/** An agent that was brought back, or would be. */
export interface ResumedAgent extends Omit<StartedAgent, 'run' | 'pane'> {
  readonly continuation: Continuation;
  /** Undefined in a dry run. */
  readonly run: string | undefined;
  readonly pane: string | undefined;
  /** Its first prompt had not been delivered: it follows now. */
  readonly promptDue: boolean;
}

export interface ResumeResult extends Omit<StartResult, 'agents'> {
  readonly agents: readonly ResumedAgent[];
  /** Runs of the dead session that had to be ended first; undefined in a dry run. */
  readonly leftovers: number | undefined;
}

/**
 * Brings a session back as its wish has it: all agents or none, each in its own conversation where that is still there.
 * What is left of the session is ended first; when it fails the wish stays as it was. Throws SESSION_EXISTS,
 * SESSION_NOT_FOUND, WORKSPACE_INVALID, AGENT_TYPE_UNKNOWN, LOCKED, TMUX_*, and whatever `check` finds.
 */
export async function resumeSession(
  context: TmuxContext,
  { id, name }: Pick<Wish, 'id' | 'name'>,
  options: ResumeOptions,
  check: CheckAgents,
): Promise<ResumeResult> {
  return withSessionChange(context, id, async () => {
    // Another `resume`, or a `stop --purge`, may have been quicker.
    const wish = await readWish(context.env, id);
    if (!wish) throw new AdrError('SESSION_NOT_FOUND', `session "${name}" was purged meanwhile`);
    return resumeWish(context, wish, options, check);
  });
}

async function resumeWish(
  context: TmuxContext,
  wish: Wish,
  { fresh, dryRun, terminal }: ResumeOptions,
  check: CheckAgents,
): Promise<ResumeResult> {
  const { env } = context;
  const { id, name: session, workspace, layout, team } = wish;
  await checkTools(context);
  const server = await observeServer(context.tmux);
  if (server.sessions.some((running) => running.id === id || running.name === session))
    throw describeRunning(session);
  if (!dryRun) await restoreTrees(context, { sessionId: id, session }, wish.agents);
  await checkWorkspaces(wish);
  const wanted = await Promise.all(
    wish.agents.map(async (agent) => ({
      ...{ ...readWanted(agent), ...pinEngine(wish, agent) },
      workspace: await findPlace(agent),
    })),
  );
  const checked = await checkAll(context, wish, wanted, check);
  const leftovers = dryRun ? undefined : await endLeftoversOf(context, wish, server);
  // What was still running has written its last words now.
  const continuations = await Promise.all(
    wish.agents.map((agent, at) =>
      fresh ? ({ kind: 'fresh', why: 'asked' } as const) : chooseConversation(env, id, agent, checked[at]),
    ),
  );
  const agents = wanted.map((agent, at): WantedAgent => {
    const continuation = continuations[at];
    const prompt = wish.agents[at]?.prompt;
    return {
      ...agent,
      conversation: continuation?.kind === 'resumed' ? continuation.conversation : undefined,
      prompt: isDue(prompt) ? prompt?.text : undefined,
    };
  });
  const started = dryRun
    ? undefined
    : await openSession(
        context,
        { session, workspace, agents, layout: readLayout(layout), terminal, team },
        checked,
        server,
        wish,
      );
  if (started) await recordFact(context, wish, { kind: 'session', to: 'resumed' });
  return {
    ...{ session, id, workspace, engine: started?.engine ?? wish.engine, leftovers },
    agents: agents.map(({ type, name, prompt }, at) => ({
      ...{ type, name, continuation: continuations[at] as Continuation, promptDue: prompt !== undefined },
      run: started?.agents[at]?.run,
      pane: started?.agents[at]?.pane,
    })),
  };
}

/** What surely never reached the agent: what was typed, or may have arrived, is not sent a second time. */
const NOT_DELIVERED = ['not-found', 'not-ready', 'exited', 'waiting', 'composer-busy'];

function isDue(prompt: WishPrompt | undefined): boolean {
  return prompt !== undefined && (prompt.outcome === undefined || NOT_DELIVERED.includes(prompt.outcome));
}

/** It stands where it stood, whatever the settings say by now. */
function pinEngine(wish: Wish, { options }: WishAgent): Pick<WantedAgent, 'options'> {
  const engine = options.engine ?? [wish.engine];
  const context =
    options.context ?? (wish.context === undefined || engine[0] === 'host' ? undefined : [wish.context]);
  return { options: { ...options, engine, ...(context === undefined ? {} : { context }) } };
}

/** Throws WORKSPACE_INVALID. */
async function checkWorkspaces({ name, workspace, agents }: Wish): Promise<void> {
  // Trees that were removed because nothing was in them are made again: what they come from must be there.
  const places = await Promise.all(agents.map(findPlace));
  for (const place of new Set([workspace, ...places])) {
    if ((await describePath(place).catch(() => 'missing')) === 'directory') continue;
    throw new AdrError('WORKSPACE_INVALID', `the workspace of session "${name}" is gone: "${place}"`, {
      hint: `bring it back, or forget the session: adr-tmux stop ${name} --purge`,
    });
  }
}

async function findPlace({ workspace, tree }: WishAgent): Promise<string> {
  const kind = await describePath(workspace).catch(() => 'missing');
  return tree && kind === 'missing' ? tree.origin : workspace;
}

async function checkAll(
  { types }: TmuxContext,
  { name }: Wish,
  agents: readonly WantedAgent[],
  check: CheckAgents,
) {
  const known = await types.listNames();
  const lost = agents.find(({ type }) => !known.includes(type));
  if (!lost) return check(agents);
  throw new AdrError('AGENT_TYPE_UNKNOWN', `the agent type "${lost.type}" of agent "${lost.name}" is gone`, {
    hint: `define it again: adr agents init ${lost.type}; or forget the session: adr-tmux stop ${name} --purge`,
  });
}
