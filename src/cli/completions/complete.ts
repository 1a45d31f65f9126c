import type { CommandContext } from '../command.ts';
import { type CompletionPlan, planCompletion } from './plan.ts';

/**
 * `__complete -- WORD...`: what could stand in place of the last word. The first line says whether the shell is to
 * complete `files` or `directories` by itself, or `words`: those follow, one a line, a tab before their description.
 * Never fails: who presses Tab wants no error message.
 */
export async function runComplete(context: CommandContext): Promise<number> {
  const words = context.args.rest;
  const plan = planCompletion(await readTables(context.program), words);
  context.stdout.write(await answer(context, plan, words.at(-1) ?? ''));
  return 0;
}

async function readTables(program: string): Promise<Parameters<typeof planCompletion>[0]> {
  return program === 'adr-tmux'
    ? (await import('../tmux/definition.ts')).ADR_TMUX
    : (await import('../adr/definition.ts')).ADR;
}

async function answer(context: CommandContext, plan: CompletionPlan, current: string): Promise<string> {
  if (plan.live === 'file') return 'files\n';
  if (plan.live === 'directory') return 'directories\n';
  const live = await lookUp(context, plan);
  const words = [
    ...plan.candidates,
    ...live.map(({ value, describe }) => ({ value: `${plan.lead}${value}`, describe })),
  ].filter(({ value }) => value.startsWith(current) && !/[\s]/.test(value));
  const lines = words.map(({ value, describe }) => {
    const text = describe.replace(/\s+/g, ' ').trim();
    return text === '' ? value : `${value}\t${text}`;
  });
  return ['words', ...lines, ''].join('\n');
}

async function lookUp(context: CommandContext, plan: CompletionPlan): Promise<CompletionPlan['candidates']> {
  if (plan.live === undefined) return [];
  try {
    const { findLive } = await import('./find-live.ts');
    const found = await findLive(plan.live, { ...plan, env: context.env });
    return found.filter(({ value }) => !plan.taken.includes(value));
  } catch {
    // No server, no engine: then nothing is there to be named.
    return [];
  }
}
