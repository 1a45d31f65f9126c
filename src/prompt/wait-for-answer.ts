import type { EventFeed } from '../activity/event-feed.ts';
import { lookAtPane } from '../activity/look.ts';
import { readScreen } from '../activity/read-screen.ts';
import type { AgentEvent, ScreenSigns } from '../agents/types.ts';
import type { Clock } from '../system/clock.ts';
import type { TmuxClient } from '../tmux/client.ts';
import { isSamePrompt } from './clean-prompt.ts';
import { cutAnswer } from './cut-answer.ts';

/** How the turn that a prompt started ended. */
export type Answer =
  | { readonly ended: 'answered'; readonly text: string; readonly proof: 'agent' | 'screen' }
  | { readonly ended: 'failed'; readonly text: string }
  | { readonly ended: 'asked'; readonly text: string }
  | { readonly ended: 'exited' | 'gone' | 'timeout'; readonly text: string };

export interface AwaitedPrompt {
  readonly pane: string;
  readonly text: string;
  readonly signs: ScreenSigns | undefined;
  readonly feed: EventFeed;
  /** Events already read, from the paste on. */
  readonly later: readonly AgentEvent[];
  readonly timeoutMs: number;
}

/** Reports end most turns: the file is read often, the screen less. */
const READ_EVERY_MS = 200;
const LOOK_EVERY_MS = 1000;
/** The composer must be seen empty and nothing at work for this long before the screen ends a turn. */
const OVER_MS = 1500;

/**
 * Waits until the turn of a prompt is over: by the agent's first turn-end after it reported this prompt, with its own
 * last message; for an agent that reports nothing, by its screen, with the new part of it. A question in the way, the
 * agent's end and the time limit (ms) end it too.
 */
export async function waitForAnswer(
  prompt: AwaitedPrompt,
  { tmux, clock }: { readonly tmux: TmuxClient; readonly clock: Clock },
): Promise<Answer> {
  const deadline = clock.now() + prompt.timeoutMs;
  let events = keepFromPrompt(prompt.later, prompt.text);
  let lastEnd = findLastEnd(prompt.later);
  let lookedAt = 0;
  let overSince: number | undefined;
  let askedSince: number | undefined;
  for (;;) {
    const fresh = await prompt.feed.readNew();
    events = keepFromPrompt([...events, ...fresh], prompt.text);
    lastEnd = findLastEnd(fresh) ?? lastEnd;
    const reported = judgeReports(events, prompt.text);
    if (reported && reported !== 'taken') return reported;
    if (clock.now() - lookedAt < LOOK_EVERY_MS && clock.now() < deadline) {
      await clock.sleep(READ_EVERY_MS);
      continue;
    }
    lookedAt = clock.now();
    const look = await lookAtPane(tmux, prompt.pane);
    if (!look) return { ended: 'gone', text: '' };
    if (look.dead) return { ended: 'exited', text: `exit ${look.exit ?? 'code unknown'}` };
    const now = clock.now();
    if (prompt.signs) {
      const reading = readScreen(prompt.signs, look.screen, look.title, { styled: look.styled });
      askedSince = reading.dialog ? (askedSince ?? now) : undefined;
      if (reading.dialog && askedSince !== undefined && now - askedSince >= 1000) {
        return { ended: 'asked', text: reading.dialog.what };
      }
      const over = reading.composer?.text === '' && reading.busy === undefined && !reading.dialog;
      overSince = over ? (overSince ?? now) : undefined;
      // Agents do not report everything: after Escape or an API error some are silent.
      const patience = reported === 'taken' ? OVER_MS * 4 : OVER_MS;
      if (overSince !== undefined && now - overSince >= patience) {
        if (reading.error !== undefined) return { ended: 'failed', text: reading.error };
        if (reported === 'taken') return { ended: 'failed', text: 'it was over without a last message' };
        // Claude Code 2.1.197 takes a queued prompt into the turn behind a tool and does not report it.
        if (lastEnd) return { ended: 'answered', text: lastEnd.message, proof: 'agent' };
        const screen = await captureHistory(tmux, prompt.pane, look.screen);
        return { ended: 'answered', text: cutAnswer(prompt.signs, screen, prompt.text), proof: 'screen' };
      }
    }
    if (now >= deadline) return { ended: 'timeout', text: '' };
    await clock.sleep(READ_EVERY_MS);
  }
}

/** What was reported before our prompt says nothing of its turn. */
function keepFromPrompt(events: readonly AgentEvent[], text: string): readonly AgentEvent[] {
  const start = events.findIndex((event) => event.kind === 'prompt' && isSamePrompt(text, event.text));
  return start < 0 ? [] : events.slice(start, start + 1).concat(events.slice(start + 1).filter(endsTurn));
}

function findLastEnd(events: readonly AgentEvent[]): (AgentEvent & { kind: 'turn-end' }) | undefined {
  return events.findLast((event) => event.kind === 'turn-end');
}

function endsTurn(event: AgentEvent): boolean {
  return event.kind === 'turn-end' || event.kind === 'end' || (event.kind === 'error' && !event.retrying);
}

const HISTORY_LINES = 2000;

/** The screen with what has scrolled off it, for programs that write to the main screen. */
async function captureHistory(tmux: TmuxClient, pane: string, screen: string): Promise<string> {
  const answer = await tmux.run(['capture-pane', '-p', '-S', `-${HISTORY_LINES}`, '-t', pane]);
  return answer.ok ? answer.stdout : screen;
}

/** What the reports say of this prompt's turn: `taken` while it runs, undefined when they do not know it. */
export function judgeReports(events: readonly AgentEvent[], text: string): Answer | 'taken' | undefined {
  const start = events.findIndex((event) => event.kind === 'prompt' && isSamePrompt(text, event.text));
  if (start < 0) return undefined;
  for (const event of events.slice(start + 1)) {
    if (event.kind === 'turn-end') return { ended: 'answered', text: event.message, proof: 'agent' };
    if (event.kind === 'error' && !event.retrying) return { ended: 'failed', text: event.message };
    if (event.kind === 'end') return { ended: 'exited', text: '' };
  }
  return 'taken';
}
