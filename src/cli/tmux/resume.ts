import type { TmuxContext } from '../../commands/tmux/context.ts';
import { findResumable, listResumable, type Resumable } from '../../commands/tmux/resumable.ts';
import { type ResumeResult, resumeSession } from '../../commands/tmux/resume.ts';
import { AdrError } from '../../errors.ts';
import {
  formatResumableJson,
  formatResumableRows,
  formatResumed,
  RESUMABLE_HEADER,
  toResumedJson,
} from '../../output/format-resume.ts';
import { mergeExitCodes } from '../../output/merge-exit-codes.ts';
import { printError } from '../../output/print-error.ts';
import { observeServer } from '../../session/observed.ts';
import type { Wish } from '../../session/wish.ts';
import { formatTable } from '../adr/format-table.ts';
import type { CommandContext } from '../command.ts';
import { makeTmuxContext } from './make-context.ts';
import { makeSessionCheck, warnUnconfined } from './make-session-check.ts';
import { readTerminalSize } from './read-agents.ts';
import { tellFirstPrompts } from './tell-first-prompts.ts';

/** `adr-tmux resume`: one session, or all that were lost; what keeps one from it keeps no other. */
export async function runResume(context: CommandContext): Promise<number> {
  const { args, stdout, stderr } = context;
  const tmuxContext = makeTmuxContext(context);
  const server = await observeServer(tmuxContext.tmux);
  const name = args.string('session');
  if (name !== undefined && !args.flag('list')) {
    const wish = await findResumable(tmuxContext, server, name);
    return resumeOne(context, tmuxContext, wish);
  }
  const { sessions, damaged } = await listResumable(tmuxContext, server);
  if (args.flag('list')) {
    return printList(context, tmuxContext, name === undefined ? sessions : pick(sessions, name), damaged);
  }
  for (const path of damaged)
    stderr.write(`warning: "${path}" cannot be read as a session: remove it if it is not needed\n`);
  const lost = sessions.filter(({ wish }) => wish.stoppedAt === undefined);
  if (lost.length > 0) return resumeAll(context, tmuxContext, lost);
  if (args.flag('json')) stdout.write(`${JSON.stringify({ v: 1, sessions: [], failed: [] }, null, 2)}\n`);
  else stdout.write(describeNone(sessions));
  return 0;
}

function pick(sessions: readonly Resumable[], name: string): readonly Resumable[] {
  return sessions.filter(({ wish }) => wish.name === name);
}

function printList(
  { args, stdout, env }: CommandContext,
  { clock }: TmuxContext,
  sessions: readonly Resumable[],
  damaged: readonly string[],
): number {
  if (args.flag('json')) stdout.write(formatResumableJson(sessions, damaged));
  else if (sessions.length === 0) stdout.write('No sessions to resume.\n');
  else stdout.write(formatTable(RESUMABLE_HEADER, formatResumableRows(sessions, clock.now(), env)));
  return 0;
}

function describeNone(stopped: readonly Resumable[]): string {
  const names = stopped.slice(0, 10).map(({ wish }) => wish.name);
  const more = names.length > 0 ? ` Stopped: ${names.join(', ')}; by name: adr-tmux resume ${names[0]}` : '';
  return `Nothing to resume: no session was lost.${more}\n`;
}

async function resumeOne(context: CommandContext, tmuxContext: TmuxContext, wish: Wish): Promise<number> {
  const { result, prompts, exitCode } = await bringBack(context, tmuxContext, wish);
  if (context.args.flag('json')) {
    const body = { v: 1, ...toResumedJson(result), prompts };
    context.stdout.write(`${JSON.stringify(body, null, 2)}\n`);
  }
  return exitCode;
}

async function resumeAll(
  context: CommandContext,
  tmuxContext: TmuxContext,
  lost: readonly Resumable[],
): Promise<number> {
  const { args, stdout, stderr } = context;
  const json = args.flag('json') ?? false;
  const done: object[] = [];
  const failed: object[] = [];
  const codes: number[] = [];
  for (const { wish } of lost) {
    try {
      const { result, prompts, exitCode } = await bringBack(context, tmuxContext, wish);
      done.push({ ...toResumedJson(result), prompts });
      codes.push(exitCode);
    } catch (error) {
      if (!(error instanceof AdrError)) throw error;
      codes.push(error.exitCode);
      const { code, message, hint } = error;
      failed.push({ session: wish.name, error: { code, message, hint: hint ?? null } });
      if (!json) printError(error, { stdout, stderr, json: false, debug: false });
    }
  }
  if (json) stdout.write(`${JSON.stringify({ v: 1, sessions: done, failed }, null, 2)}\n`);
  return mergeExitCodes(codes);
}

async function bringBack(
  context: CommandContext,
  tmuxContext: TmuxContext,
  wish: Wish,
): Promise<{
  readonly result: ResumeResult;
  readonly prompts: readonly object[];
  readonly exitCode: number;
}> {
  const { args, stdout, env } = context;
  const dryRun = args.flag('dry-run') ?? false;
  const result = await resumeSession(
    tmuxContext,
    wish,
    { fresh: args.flag('fresh') ?? false, dryRun, terminal: readTerminalSize(context) },
    makeSessionCheck(context, tmuxContext, { asks: !dryRun }),
  );
  if (!args.flag('json')) stdout.write(formatResumed(result, env));
  if (dryRun) return { result, prompts: [], exitCode: 0 };
  await warnUnconfined(context, tmuxContext, result);
  const { results, exitCode } = await tellFirstPrompts(context, tmuxContext, result);
  return { result, prompts: results, exitCode };
}
