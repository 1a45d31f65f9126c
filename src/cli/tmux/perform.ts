import { PassThrough, Readable } from 'node:stream';
import { attachSession } from '../../commands/tmux/attach.ts';
import type { TmuxContext } from '../../commands/tmux/context.ts';
import { AdrError } from '../../errors.ts';
import { cleanLine } from '../../output/clean-line.ts';
import type { Deed, EffectResult, Target } from '../../ui/effects.ts';
import type { CommandContext } from '../command.ts';
import { readTerminalSize } from './read-agents.ts';

const READY_TIMEOUT_MS = 60_000;
const INTERRUPT_TIMEOUT_MS = 20_000;
const ANSWER_TIMEOUT_MS = 10_000;

/** What deeds are done with: the command's own context, and the tmux server it speaks to. */
export interface DeedTools {
  readonly command: CommandContext;
  readonly tmux: TmuxContext;
}

/** Does what the user asked for in the view, by the same commands as on the command line. Never throws. */
export async function performDeed(tools: DeedTools, deed: Deed): Promise<EffectResult> {
  try {
    return await run(tools, deed);
  } catch (error) {
    return tellError(error);
  }
}

/** Gives the terminal to an agent's pane until the user detaches. Never throws. */
export async function openPane(context: TmuxContext, to: Target): Promise<EffectResult | undefined> {
  try {
    await attachSession(context, { ...to, terminal: true });
    return undefined;
  } catch (error) {
    return tellError(error);
  }
}

async function run({ command, tmux: context }: DeedTools, deed: Deed): Promise<EffectResult> {
  switch (deed.kind) {
    case 'send': {
      const { sendPrompt } = await import('../../commands/tmux/send.ts');
      const { findSendExitCode, formatSendLine } = await import('../../output/format-send.ts');
      const results = await sendPrompt(context, {
        ...choose(deed.to),
        text: deed.text,
        when: 'now',
        readyTimeoutMs: READY_TIMEOUT_MS,
      });
      return describe(results.map(formatSendLine), findSendExitCode(results));
    }
    case 'answer': {
      const { answerAgent } = await import('../../commands/tmux/answer.ts');
      const { findAnsweredExitCode, formatAnswerLine } = await import('../../output/format-answer.ts');
      const answered = await answerAgent(context, {
        ...deed.to,
        answer: { text: deed.answer },
        question: deed.id,
        timeoutMs: ANSWER_TIMEOUT_MS,
      });
      return describe([formatAnswerLine(answered)], findAnsweredExitCode(answered));
    }
    case 'interrupt': {
      const { interruptAgents } = await import('../../commands/tmux/interrupt.ts');
      const { findInterruptExitCode, formatInterruptLine } = await import('../../output/format-interrupt.ts');
      const results = await interruptAgents(context, {
        ...choose(deed.to),
        timeoutMs: INTERRUPT_TIMEOUT_MS,
      });
      return describe(results.map(formatInterruptLine), findInterruptExitCode(results));
    }
    case 'restart': {
      const { restartAgents } = await import('../../commands/tmux/restart.ts');
      const { makeSessionCheck } = await import('./make-session-check.ts');
      const request = { ...choose(deed.to), terminal: readTerminalSize(command), resume: false };
      // The keys belong to the view: nothing else may ask here, and at-work was confirmed in it.
      const silent = { ...command, stdin: Readable.from([]), stderr: new PassThrough().resume() };
      const check = makeSessionCheck(silent, context);
      const { session } = await restartAgents(context, request, check, async () => undefined);
      return describe([`${deed.to.agent}: restarted in ${session}`], 0);
    }
    case 'stop': {
      const { stopSession } = await import('../../commands/tmux/stop.ts');
      const { session, agents, trees } = await stopSession(context, deed.session, false);
      const kept = trees.filter((tree) => tree.kept).map(({ agent }) => agent);
      const more =
        kept.length === 0 ? [] : [`kept the trees of ${kept.join(', ')}: adr-tmux diff ${session}`];
      return describe([`stopped ${session}: ${agents.join(', ')}`, ...more], 0);
    }
  }
}

function choose({ session, agent }: Target) {
  return { session, agents: [agent], types: [], all: false };
}

function describe(lines: readonly string[], exitCode: number): EffectResult {
  return { text: cleanLine(lines.join('; ')), bad: exitCode !== 0 };
}

function tellError(error: unknown): EffectResult {
  const hint = error instanceof AdrError && error.hint ? `; ${error.hint}` : '';
  return { text: cleanLine(`${error instanceof Error ? error.message : String(error)}${hint}`), bad: true };
}
