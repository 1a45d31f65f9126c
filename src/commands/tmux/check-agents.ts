import type { FlagValues } from '../../config/read-settings.ts';
import { checkRun, type RunTools } from '../adr/run.ts';
import type { TmuxContext } from './context.ts';
import type { CheckAgents } from './start.ts';

export interface AgentCheckOptions {
  readonly flags: FlagValues;
  readonly warn: RunTools['warn'];
  readonly offerBuild: RunTools['offerBuild'];
  readonly confirmTrust?: RunTools['confirmTrust'];
}

/**
 * Checks every agent type of a session the way `adr run` would, before anything is created: settings, engine, image,
 * program, workspace. A session runs on one engine, or on the host when nothing of it needs another.
 */
export function makeAgentCheck(context: TmuxContext, options: AgentCheckOptions): CheckAgents {
  return async (types, workspace) => {
    const warned = new Set<string>();
    const warn = (message: string): void => {
      if (!warned.has(message)) options.warn(message);
      warned.add(message);
    };
    const engines: string[] = [];
    // One after the other: a missing image may be asked about.
    for (const type of types) {
      engines.push(
        await checkRun(
          {
            flags: { ...options.flags, agent: [type] },
            workspace,
            mode: 'interactive',
            prompt: undefined,
            args: [],
            session: undefined,
            name: undefined,
            cwd: context.cwd,
            version: context.version,
          },
          context.env,
          {
            run: context.run,
            clock: context.clock,
            warn,
            offerBuild: options.offerBuild,
            confirmTrust: options.confirmTrust,
          },
        ),
      );
    }
    return engines.find((engine) => engine !== 'host') ?? 'host';
  };
}
