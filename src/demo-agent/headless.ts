import { setTimeout as sleep } from 'node:timers/promises';
import { advance, answerQuestion, submitPrompt } from './advance.ts';
import type { Options } from './options.ts';
import { createState, type DemoReport, type Effect, findQuestion } from './state.ts';

/** What a headless run ends with. */
export interface HeadlessResult {
  readonly code: number;
  readonly message: string;
  readonly error: string | undefined;
}

/** Answers one prompt without a terminal; nobody is there to ask, so questions are answered with no. */
export async function runHeadless(
  options: Options,
  prompt: string,
  report: (body: DemoReport, now: number) => void,
): Promise<HeadlessResult> {
  const readyAt = Date.now() + options.startMs;
  let state = createState({ pace: options.pace, approvals: options.approvals, workspace: '', readyAt });
  let message = '';
  let error: string | undefined;
  let code: number | undefined;
  const take = (effects: readonly Effect[], now: number): void => {
    for (const effect of effects) {
      if (effect.kind === 'exit') {
        code = effect.code;
        continue;
      }
      report(effect.report, now);
      if (effect.report.event === 'turn-end') message = effect.report.message;
      if (effect.report.event === 'error' && !effect.report.retrying) error = effect.report.message;
    }
  };
  let submitted = false;
  for (;;) {
    const now = Date.now();
    let change = advance(state, now);
    take(change.effects, now);
    if (change.state.ready && !submitted) {
      submitted = true;
      change = submitPrompt(change.state, prompt);
      take(change.effects, now);
      change = advance(change.state, now);
      take(change.effects, now);
    }
    if (findQuestion(change.state) !== undefined) {
      change = answerQuestion(change.state, false, now);
      take(change.effects, now);
    }
    state = change.state;
    if (code !== undefined || (submitted && state.turn === undefined)) break;
    await sleep(20);
  }
  const exit = code ?? (error === undefined ? 0 : 1);
  report({ event: 'end', code: exit }, Date.now());
  return { code: exit, message, error };
}
