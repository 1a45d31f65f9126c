import { checkRun, type RunTools } from '../adr/run.ts';
import type { TmuxContext } from './context.ts';
import type { CheckAgents, CheckedRun, WantedAgent } from './wanted-agents.ts';

export interface AgentCheckOptions {
  readonly warn: RunTools['warn'];
  readonly offerBuild: RunTools['offerBuild'];
  readonly confirmTrust?: RunTools['confirmTrust'];
}

/**
 * Checks every agent of a session the way `adr run` would, before anything is created: settings, engine, image,
 * program, workspace. Agents that differ by their names alone are checked once.
 */
export function makeAgentCheck(context: TmuxContext, options: AgentCheckOptions): CheckAgents {
  const warned = new Set<string>();
  const warn = (message: string): void => {
    if (!warned.has(message)) options.warn(message);
    warned.add(message);
  };
  return async (agents) => {
    const known = new Map<string, CheckedRun>();
    const checked: CheckedRun[] = [];
    // One after the other: a missing image may be asked about.
    for (const agent of agents) {
      const { name: _name, prompt: _prompt, conversation: _conversation, ...rest } = agent;
      const key = JSON.stringify(rest);
      const result = known.get(key) ?? (await checkOne(context, agent, { ...options, warn }));
      known.set(key, result);
      checked.push(result);
    }
    return checked;
  };
}

function checkOne(
  context: TmuxContext,
  { type, workspace, cwd, options: flags, readOnly, configFile, args }: WantedAgent,
  options: AgentCheckOptions,
): Promise<CheckedRun> {
  return checkRun(
    {
      ...{ workspace, cwd, readOnly, configFile, args },
      flags: { ...flags, agent: [type] },
      mode: 'interactive',
      prompt: undefined,
      session: undefined,
      name: undefined,
      version: context.version,
    },
    context.env,
    { run: context.run, clock: context.clock, ...options },
  );
}
