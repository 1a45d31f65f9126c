import type { TmuxContext } from '../../commands/tmux/context.ts';
import {
  type FirstPromptResult,
  followFirstPrompts,
  startDelivery,
} from '../../commands/tmux/first-prompts.ts';
import { formatSendLine } from '../../output/format-send.ts';
import { mergeExitCodes } from '../../output/merge-exit-codes.ts';
import { findExitCode, type Outcome, type Proof } from '../../prompt/outcome.ts';
import { readWish } from '../../session/wish.ts';
import type { CommandContext } from '../command.ts';

interface Started {
  readonly session: string;
  readonly id: string;
  readonly agents: readonly { readonly name: string; readonly type: string }[];
}

/** What became of first prompts, and the exit code of it. */
export interface ToldPrompts {
  readonly results: readonly (Omit<FirstPromptResult, 'text'> & { readonly outcome: string })[];
  readonly exitCode: number;
}

const NONE: ToldPrompts = { results: [], exitCode: 0 };

/**
 * Has the first prompts of agents that were just started delivered, waits for it and tells what became of each, unless
 * `--no-wait-prompt` was given. Leaving with Ctrl+C leaves the delivery at work.
 */
export async function tellFirstPrompts(
  context: CommandContext,
  tmuxContext: TmuxContext,
  { session, id, agents }: Started,
): Promise<ToldPrompts> {
  const { args, stdout, stderr, env } = context;
  const wish = await readWish(env, id);
  const pending = agents.filter(({ name }) =>
    wish?.agents.some(({ name: other, prompt }) => other === name && prompt && prompt.outcome === undefined),
  );
  if (pending.length === 0) return NONE;
  const names = pending.map(({ name }) => name);
  const isAlive = startDelivery(tmuxContext, id, names);
  const json = args.flag('json') ?? false;
  const later = `see what becomes of them: adr-tmux events ${session}\n`;
  if (args.flag('wait-prompt') === false) {
    if (!json) stdout.write(`\nprompts: being delivered in the background; ${later}`);
    return NONE;
  }
  const forget = tellWhenInterrupted(() => stderr.write(`the prompts are delivered all the same; ${later}`));
  const results: (Omit<FirstPromptResult, 'text'> & { readonly outcome: Outcome })[] = [];
  if (!json) stdout.write('\n');
  try {
    for await (const { text: _text, ...told } of followFirstPrompts(tmuxContext, id, names, isAlive)) {
      if (told.outcome === undefined) {
        stderr.write(`${told.agent}: its prompt follows when this is out of the way: ${told.detail}\n`);
        continue;
      }
      const outcome = told.outcome as Outcome;
      results.push({ ...told, outcome });
      if (!json) stdout.write(formatLine(told, outcome, pending));
    }
  } finally {
    forget();
  }
  return { results, exitCode: mergeExitCodes(results.map(({ outcome }) => findExitCode(outcome))) };
}

function formatLine(
  { agent, proof, detail }: Omit<FirstPromptResult, 'text'>,
  outcome: Outcome,
  agents: Started['agents'],
): string {
  const type = agents.find(({ name }) => name === agent)?.type ?? '';
  const delivery = { outcome, proof: (proof ?? 'none') as Proof, detail: detail ?? '', steered: false };
  return `${formatSendLine({ agent, type, delivery })}\n`;
}

function tellWhenInterrupted(tell: () => void): () => void {
  const onSignal = (): void => {
    tell();
    // Now without a listener: the signal ends us as it would have.
    process.kill(process.pid, 'SIGINT');
  };
  process.once('SIGINT', onSignal);
  return () => {
    process.removeListener('SIGINT', onSignal);
  };
}
