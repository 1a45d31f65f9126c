import { readStatus } from '../../commands/tmux/status.ts';
import { formatStatusJson, formatStatusTree } from '../../output/format-status.ts';
import type { CommandContext } from '../command.ts';
import { makeTmuxContext } from './make-context.ts';
import { readStates } from './read-states.ts';

/** The condition asked for holds. */
const HOLDS = 8;

/** `adr-tmux status`. */
export async function runStatus(context: CommandContext): Promise<number> {
  const { args, stdout, stderr, env } = context;
  const failOn = readStates(args.list('fail-on'), 'fail-on');
  const tmuxContext = makeTmuxContext(context);
  const report = await readStatus(tmuxContext, args.string('session'));
  stdout.write(args.flag('json') ? formatStatusJson(report) : formatStatusTree(report, env));
  const types = report.sessions.flatMap(({ agents }) => agents.map(({ type }) => type));
  for (const { message } of await tmuxContext.types.findProblems(types)) {
    stderr.write(`warning: ${message}; that file does not count\n`);
  }
  const states: ReadonlySet<string> = failOn;
  const fails = report.sessions.some(({ agents }) => agents.some(({ state }) => states.has(state)));
  return fails ? HOLDS : 0;
}
