import { AdrError } from '../../errors.ts';
import { findSession } from '../../session/find-session.ts';
import { observeServer } from '../../session/observed.ts';
import { readWish, updateWishAgent, type WishAgent, type WishPrompt } from '../../session/wish.ts';
import { startProcess } from '../../system/long-process.ts';
import { isSameProcessAlive, readStartTime } from '../../system/process-table.ts';
import type { TmuxContext } from './context.ts';
import { sendPrompt } from './send.ts';

/** What became of an agent's first prompt; without an outcome: what it waits for. */
export interface FirstPromptResult extends WishPrompt {
  readonly agent: string;
}

/** Containers, images and logins may take their time. */
const READY_MS = 10 * 60_000;
const LOOK_MS = 150;
const RETRY_MS = 1000;

/**
 * Delivers the first prompts of a session's agents, each when its agent is ready, and notes in the wish what became of
 * them. This is the work of a process of its own, so that no prompt is lost with a terminal that is closed.
 */
export async function deliverFirstPrompts(
  context: TmuxContext,
  id: string,
  names: readonly string[],
): Promise<void> {
  const wish = await readWish(context.env, id);
  if (!wish) return;
  const pending = wish.agents.filter(({ name, prompt }) => names.includes(name) && isPending(prompt));
  await Promise.all(
    pending.map(async (agent) => {
      const note = async (told: Omit<WishPrompt, 'text'>): Promise<void> => {
        await updateWishAgent(context.env, id, agent.name, (now) =>
          now.run === agent.run && now.prompt ? { ...now, prompt: { text: now.prompt.text, ...told } } : now,
        );
      };
      await note(await deliverPatiently(context, wish.name, id, agent, note));
    }),
  );
}

/** What the user must do first (a question, text in the composer) is noted without an outcome: the prompt follows it. */
async function deliverPatiently(
  context: TmuxContext,
  session: string,
  id: string,
  agent: WishAgent,
  note: (told: Omit<WishPrompt, 'text'>) => Promise<void>,
): Promise<Omit<WishPrompt, 'text'>> {
  const deadline = context.clock.now() + READY_MS;
  let noted: string | undefined;
  for (;;) {
    const told = await deliverOne(context, session, id, agent);
    const inTheWay = told.outcome === 'waiting' || told.outcome === 'composer-busy';
    if (!inTheWay || context.clock.now() >= deadline) return told;
    const detail = `${told.outcome}: ${told.detail}`;
    if (detail !== noted) await note({ detail });
    noted = detail;
    await context.clock.sleep(RETRY_MS);
  }
}

function isPending(prompt: WishPrompt | undefined): prompt is WishPrompt {
  return prompt !== undefined && prompt.outcome === undefined;
}

async function deliverOne(
  context: TmuxContext,
  session: string,
  id: string,
  agent: WishAgent,
): Promise<Omit<WishPrompt, 'text'>> {
  try {
    // Another session may have that name by now.
    const found = findSession(await observeServer(context.tmux), session);
    const pane = found.panes.find(({ run }) => run === agent.run);
    if (found.id !== id || !pane) return { outcome: 'not-found', detail: 'the agent is gone' };
    const [result] = await sendPrompt(context, {
      ...{ session, agents: [agent.name], all: false, when: 'now', readyTimeoutMs: READY_MS },
      text: agent.prompt?.text ?? '',
      retried: true,
    });
    const { outcome, proof, detail } = result?.delivery ?? { outcome: 'unconfirmed' };
    return { outcome, proof, detail };
  } catch (error) {
    return {
      outcome: error instanceof AdrError && error.exitCode === 3 ? 'not-found' : 'unconfirmed',
      detail: error instanceof Error ? error.message : String(error),
    };
  }
}

/** Starts the process that delivers these agents' first prompts; it outlives us. Gives what tells whether it lives. */
export function startDelivery(context: TmuxContext, id: string, names: readonly string[]): () => boolean {
  const [program = '', ...args] = context.ownCommand;
  const socket = context.tmux.socket === undefined ? [] : ['--socket', context.tmux.socket];
  const { pid = 0 } = startProcess(program, [...args, '__deliver', id, ...names, ...socket], {
    env: context.env,
    cwd: '/',
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'ignore',
    detached: true,
  });
  const started = readStartTime(pid) ?? '';
  return () => isSameProcessAlive(pid, started);
}

/**
 * Waits until it is known what became of the first prompts of these agents and yields each, before that what one waits
 * for. One whose delivery was killed is `unconfirmed`.
 */
export async function* followFirstPrompts(
  { env, clock }: Pick<TmuxContext, 'env' | 'clock'>,
  id: string,
  names: readonly string[],
  isAlive: () => boolean,
): AsyncGenerator<FirstPromptResult> {
  const left = new Set(names);
  const told = new Map<string, string>();
  while (left.size > 0) {
    const alive = isAlive();
    const wish = await readWish(env, id);
    for (const name of [...left]) {
      const prompt = wish?.agents.find((agent) => agent.name === name)?.prompt;
      if (prompt?.outcome !== undefined) yield { agent: name, ...prompt };
      else if (!prompt) yield { agent: name, text: '', outcome: 'not-found', detail: 'the agent is gone' };
      else if (!alive)
        yield { agent: name, ...prompt, outcome: 'unconfirmed', detail: 'its delivery was killed' };
      else {
        const { detail } = prompt;
        if (detail !== undefined && told.get(name) !== detail) yield { agent: name, ...prompt };
        told.set(name, detail ?? '');
        continue;
      }
      left.delete(name);
    }
    if (left.size > 0) await clock.sleep(LOOK_MS);
  }
}
