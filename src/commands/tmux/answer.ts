import { isBeating, nudgeMonitor, parseHeartbeat } from '../../activity/heartbeat.ts';
import { AdrError } from '../../errors.ts';
import type { AnswerResult } from '../../prompt/answer-outcome.ts';
import { type AnswerRequest, answerQuestion, previewAnswer } from '../../prompt/answer-question.ts';
import { cleanPrompt } from '../../prompt/clean-prompt.ts';
import { isKeyName } from '../../prompt/paste.ts';
import { findSession } from '../../session/find-session.ts';
import { type ObservedPane, observeServer } from '../../session/observed.ts';
import { formatCommand } from '../../tmux/quote.ts';
import { choosePanes } from './choose-panes.ts';
import type { TmuxContext } from './context.ts';
import { ensureMonitor } from './ensure-monitor.ts';
import { makeDeliveryTools, makeRecipient } from './make-recipient.ts';
import { nameAgent, recordFact } from './record-fact.ts';
import { readStatus } from './status.ts';

export interface AnswerCommand extends Omit<AnswerRequest, 'id'> {
  readonly session: string;
  /** May be left out where the session has one agent only. */
  readonly agent: string | undefined;
  /** The question that is meant, as `status --json` names it. */
  readonly question?: string | undefined;
  /** Say what would be done, and do nothing. */
  readonly dryRun?: boolean | undefined;
}

export interface AnsweredAgent {
  readonly agent: string;
  readonly type: string;
  readonly result: AnswerResult;
}

/**
 * Answers the question that one agent waits with. Throws SESSION_NOT_FOUND, AGENT_NOT_FOUND, USAGE,
 * AGENT_TYPE_UNKNOWN; what becomes of the answer is a result.
 */
export async function answerAgent(context: TmuxContext, command: AnswerCommand): Promise<AnsweredAgent> {
  const answer = cleanAnswer(command.answer);
  const server = await observeServer(context.tmux);
  const session = findSession(server, command.session);
  const agents = command.agent === undefined ? [] : [command.agent];
  const [pane] = choosePanes(session, { agents, all: false });
  if (!pane) throw new AdrError('AGENT_NOT_FOUND', `session "${session.name}" has no agents`);
  const { timeoutMs, question: id } = command;
  const known =
    id === undefined ? undefined : await findKnownName(context, session.name, pane, server.monitor);
  const asker = { ...(await makeRecipient(context, pane)), run: pane.run, known };
  const give = command.dryRun ? previewAnswer : answerQuestion;
  const result = await give(asker, { answer, id, timeoutMs }, makeDeliveryTools(context));
  if (!command.dryRun) {
    const { outcome, proof, detail, says } = result;
    const text = says ?? ('text' in answer ? answer.text : answer.key);
    if (outcome === 'answered') await markAnswered(context, pane, result.givenAt);
    await recordFact(context, session, { kind: 'answer', ...nameAgent(pane), outcome, proof, detail, text });
    await ensureMonitor(context, server.monitor);
  }
  return { agent: pane.agent, type: pane.type, result };
}

/** How long a monitor may take to look anew. */
const LOOK_MS = 2_000;

/** The name of the question that the monitor knows to stand there, as of a look that is younger than this call. */
async function findKnownName(
  context: TmuxContext,
  session: string,
  { agent, run }: ObservedPane,
  monitor: string,
): Promise<string | undefined> {
  const startedAt = context.clock.now();
  const beat = parseHeartbeat(monitor);
  if (isBeating(beat, startedAt)) nudgeMonitor(beat);
  for (;;) {
    const { sessions } = await readStatus(context, session, { revive: false });
    const status = sessions[0]?.agents.find((entry) => entry.agent === agent && entry.run === run);
    const late = context.clock.now() - startedAt >= LOOK_MS;
    if (!status || status.lookedAt >= startedAt || late) return status?.question?.id;
    await context.clock.sleep(50);
  }
}

/** A question of the same words that comes later is another one. */
async function markAnswered(
  { tmux, clock }: TmuxContext,
  pane: ObservedPane,
  at = clock.now(),
): Promise<void> {
  const set = formatCommand(['set-option', '-p', '-t', pane.pane, '@adr_answered_at', `${pane.run} ${at}`]);
  await tmux.batch([
    formatCommand(['if-shell', '-F', '-t', pane.pane, `#{==:#{@adr_run},${pane.run}}`, set]),
  ]);
}

function cleanAnswer(answer: AnswerRequest['answer']): AnswerRequest['answer'] {
  if ('text' in answer) return { text: cleanPrompt(answer.text).trim() };
  if (isKeyName(answer.key)) return answer;
  throw new AdrError('USAGE', `"${answer.key}" is no key`, {
    hint: 'one key as tmux names it: Enter, Escape, Tab, Up, y, 2',
  });
}
