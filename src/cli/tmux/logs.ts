import { captureAgent } from '../../commands/tmux/capture.ts';
import { stripControls } from '../../output/strip-controls.ts';
import { findAgent, findOnlyAgent, findSession } from '../../session/find-session.ts';
import { observeServer } from '../../session/observed.ts';
import { findRuns } from '../adr/find-runs.ts';
import { printRun } from '../adr/logs.ts';
import type { CommandContext } from '../command.ts';
import { makeTmuxContext } from './make-context.ts';

/** `adr-tmux logs`. */
export async function runTmuxLogs(context: CommandContext): Promise<number> {
  const { args, stdout, stderr } = context;
  const tmuxContext = makeTmuxContext(context);
  const session = findSession(await observeServer(tmuxContext.tmux), args.string('session') ?? '');
  const name = args.string('agent');
  const { agent, run: id } = name === undefined ? findOnlyAgent(session) : findAgent(session, name);
  const { runs, engineOf } = await findRuns(context);
  const run = runs.find((known) => known.run === id);
  if (run) return printRun(context, run, engineOf(run), tmuxContext.tmux);
  const request = { session: session.name, agent, lines: undefined, styled: false };
  const { lines } = await captureAgent(tmuxContext, request);
  stderr.write(
    `note: the run of "${agent}" is over, and what it reported went with it; this is its last screen\n` +
      `  what happened in the session: adr-tmux events ${session.name} --agent ${agent}\n`,
  );
  const text = stripControls(lines.join('\n'));
  stdout.write(args.flag('ndjson') ? `${JSON.stringify({ v: 1, kind: 'screen', text })}\n` : `${text}\n`);
  return 0;
}
