import { makeAgentCheck } from '../../commands/tmux/check-agents.ts';
import { type StartResult, startSession } from '../../commands/tmux/start.ts';
import { abbreviateHome } from '../../system/paths.ts';
import type { CommandContext } from '../command.ts';
import { makeTmuxContext } from './make-context.ts';

/** Options of `start` that `adr run` takes under the same name. */
const HANDED_ON = ['engine', 'tag', 'model', 'approvals'] as const;

/** `adr-tmux start`. */
export async function runStart(context: CommandContext): Promise<number> {
  const { args, stdout, stderr } = context;
  const runOptions = HANDED_ON.flatMap((name) => {
    const value = args.string(name);
    return value === undefined ? [] : [`--${name}`, value];
  });
  if (args.flag('reports') === false) runOptions.push('--no-reports');
  const tmuxContext = makeTmuxContext(context);
  const result = await startSession(
    tmuxContext,
    {
      session: args.string('session') ?? '',
      agents: args.list('agent'),
      workspace: args.string('workspace'),
      runOptions,
      agentArguments: args.rest,
    },
    makeAgentCheck(tmuxContext, { engine: args.string('engine'), tag: args.string('tag') }),
  );
  if (result.engine === 'host') stderr.write('note: engine "host": nothing confines these agents\n');
  if (args.flag('json')) stdout.write(`${JSON.stringify({ v: 1, ...result }, null, 2)}\n`);
  else stdout.write(formatStarted(result, context));
  return 0;
}

function formatStarted({ session, workspace, agents }: StartResult, { env }: CommandContext): string {
  const width = Math.max(...agents.map(({ name }) => name.length));
  const lines = agents.map(({ name, type }) => `  ${name.padEnd(width)}  ${type}`);
  const target = agents.length > 1 ? ` --agent ${agents[0]?.name}` : '';
  return `${[
    `started ${session} in ${abbreviateHome(workspace, env)}`,
    ...lines,
    '',
    `send:    adr-tmux send ${session}${target} "your prompt"`,
    `watch:   adr-tmux watch ${session}`,
    `attach:  adr-tmux inject ${session}`,
    `stop:    adr-tmux stop ${session}`,
  ].join('\n')}\n`;
}
