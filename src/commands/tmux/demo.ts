import { USUAL_TERMINAL } from '../../session/layout.ts';
import { observeServer } from '../../session/observed.ts';
import { makeAgentCheck } from './check-agents.ts';
import type { TmuxContext } from './context.ts';
import { type SendResult, sendPrompt } from './send.ts';
import { startSession } from './start.ts';
import { readStatus, type StatusReport } from './status.ts';
import { stopSession } from './stop.ts';

export type DemoStep =
  | { readonly kind: 'command'; readonly text: string }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'sent'; readonly results: readonly SendResult[] }
  | { readonly kind: 'status'; readonly report: StatusReport };

const PROMPT =
  'Refactor the auth module\n\n  - keep the public API\n  - "quotes", $(dollars) and 日本語 arrive as typed';

/**
 * Starts two demo agents, prompts one and waits for its answer, lets the other ask a question, shows the status, and
 * leaves the session running or stops it. Yields what it does as it does it.
 */
export async function* playDemo(
  context: TmuxContext,
  options: { readonly stop: boolean },
): AsyncGenerator<DemoStep> {
  const session = await findFreeName(context);
  yield { kind: 'command', text: `adr-tmux start ${session} --agent demo:main --agent demo` };
  const started = await startSession(
    context,
    {
      ...{ session, agents: ['demo:main', 'demo'], layout: 'tiled', terminal: USUAL_TERMINAL },
      ...{ options: { engine: ['host'] }, readOnly: false, args: [] },
    },
    makeAgentCheck(context, {
      warn: () => undefined,
      offerBuild: async () => false,
    }),
  );
  yield { kind: 'note', text: `started ${session}: ${started.agents.map(({ name }) => name).join(', ')}` };
  yield {
    kind: 'command',
    text: `adr-tmux send ${session} --agent main --wait "${PROMPT.split('\n')[0]} ..."`,
  };
  yield { kind: 'sent', results: await sendAndWait(context, session, 'main', PROMPT) };
  yield { kind: 'command', text: `adr-tmux send ${session} --agent demo-1 "/ask rm -rf build"` };
  const asked = await sendPrompt(context, { ...toRequest(session, 'demo-1', '/ask rm -rf build') });
  yield { kind: 'sent', results: asked };
  yield { kind: 'command', text: `adr-tmux status ${session}` };
  yield { kind: 'status', report: await waitForQuestion(context, session) };
  if (options.stop) {
    yield { kind: 'command', text: `adr-tmux stop ${session} --purge` };
    const stopped = await stopSession(context, session, true);
    yield { kind: 'note', text: `stopped ${session}: ${stopped.agents.join(', ')}` };
    return;
  }
  yield {
    kind: 'note',
    text: `\nIt is still running. Look at it:  adr-tmux inject ${session}   (leave: Ctrl+b d)`,
  };
  yield { kind: 'note', text: `Watch it:  adr-tmux watch ${session}    End it:  adr-tmux stop ${session}` };
}

async function findFreeName(context: TmuxContext): Promise<string> {
  const taken = (await observeServer(context.tmux)).sessions.map(({ name }) => name);
  for (let index = 1; ; index++) {
    const name = index === 1 ? 'demo' : `demo-${index}`;
    if (!taken.includes(name)) return name;
  }
}

function toRequest(session: string, agent: string, text: string) {
  return { session, agents: [agent], all: false, text, when: 'now', readyTimeoutMs: 30_000 } as const;
}

function sendAndWait(
  context: TmuxContext,
  session: string,
  agent: string,
  text: string,
): Promise<readonly SendResult[]> {
  return sendPrompt(context, { ...toRequest(session, agent, text), when: 'idle', waitMs: 30_000 });
}

/** The monitor sees the question within a second; the demo shows it rather than a race. */
async function waitForQuestion(context: TmuxContext, session: string): Promise<StatusReport> {
  const deadline = context.clock.now() + 8_000;
  for (;;) {
    const report = await readStatus(context, session);
    const waiting = report.sessions.some(({ agents }) => agents.some(({ state }) => state === 'WAITING'));
    if (waiting || context.clock.now() >= deadline) return report;
    await context.clock.sleep(200);
  }
}
