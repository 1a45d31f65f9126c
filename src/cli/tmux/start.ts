import { makeAgentCheck } from '../../commands/tmux/check-agents.ts';
import { type StartResult, startSession } from '../../commands/tmux/start.ts';
import type { FlagValues } from '../../config/read-settings.ts';
import { abbreviateHome } from '../../system/paths.ts';
import { makeConfirmTrust } from '../adr/trust-question.ts';
import { askYesNo } from '../ask.ts';
import type { CommandContext } from '../command.ts';
import { makeTmuxContext } from './make-context.ts';

/** Options of `start` that are settings of `adr run`, under the same names. */
const SETTINGS = ['engine', 'tag', 'model', 'approvals'] as const;

/** `adr-tmux start`. */
export async function runStart(context: CommandContext): Promise<number> {
  const { args, stdout, stderr, env } = context;
  const { flags, runOptions } = readSettingFlags(context);
  const tmuxContext = makeTmuxContext(context);
  const check = makeAgentCheck(tmuxContext, {
    flags,
    warn: (message) => stderr.write(`warning: ${message}\n`),
    confirmTrust: makeConfirmTrust(context),
    offerBuild: async (image, type, tag, engine) => {
      if (!context.stdin.isTTY || !stdout.isTTY) return false;
      if (!(await askYesNo(`Image ${image} not found. Build it now?`, true, context))) return false;
      const { buildAndPrint } = await import('../adr/build.ts');
      return buildAndPrint({ stdout: stderr, env }, engine, { names: [type], tag });
    },
  });
  const result = await startSession(
    tmuxContext,
    {
      session: args.string('session') ?? '',
      agents: args.list('agent'),
      workspace: args.string('workspace'),
      runOptions,
      agentArguments: args.rest,
    },
    check,
  );
  const types = await Promise.all(result.agents.map(({ type }) => tmuxContext.types.findUsable(type)));
  const bare = types.some((type) => type?.runs !== 'host-only' || type.own);
  if (result.engine === 'host' && bare) stderr.write('note: engine "host": nothing confines these agents\n');
  if (args.flag('json')) stdout.write(`${JSON.stringify({ v: 1, ...result }, null, 2)}\n`);
  else stdout.write(formatStarted(result, context));
  return 0;
}

/** The settings that were written, for our own check and as argv for `adr run`. */
function readSettingFlags({ args }: CommandContext): {
  readonly flags: FlagValues;
  readonly runOptions: readonly string[];
} {
  const written = SETTINGS.flatMap((name) => {
    const value = args.string(name);
    return value === undefined ? [] : [{ name, value }];
  });
  const quiet = args.flag('reports') === false;
  return {
    flags: {
      ...Object.fromEntries(written.map(({ name, value }) => [name, [value]])),
      ...(quiet ? { reports: ['0'] } : {}),
    },
    runOptions: [
      ...written.flatMap(({ name, value }) => [`--${name}`, value]),
      ...(quiet ? ['--no-reports'] : []),
    ],
  };
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
