import { openEngine } from '../../commands/adr/open-engine.ts';
import { readEngineSettings } from '../../config/engine-settings.ts';
import { Engine } from '../../container/engine.ts';
import { runProcess } from '../../system/process.ts';
import type { CommandContext } from '../command.ts';

type EngineContext = Pick<CommandContext, 'env'> & Partial<Pick<CommandContext, 'args'>>;

/**
 * The engine that images and containers are looked up on: what flags, variables and configuration files name, as for
 * `adr run`; docker where that is the host. Throws CONFIG_INVALID.
 */
export async function openContainerEngine({ env, args }: EngineContext): Promise<Engine> {
  const [engine, context] = [args?.string('engine'), args?.string('context')];
  const flags = {
    ...(engine === undefined ? {} : { engine: [engine] }),
    ...(context === undefined ? {} : { context: [context] }),
  };
  const settings = await readEngineSettings(flags, env, process.cwd());
  const opened = openEngine(settings, runProcess, env);
  return opened ?? new Engine({ program: 'docker', run: runProcess, env });
}
