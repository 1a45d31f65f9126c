import { findAgentType } from '../../agents/registry.ts';
import { AdrError } from '../../errors.ts';
import { findOnPath } from '../../system/find-on-path.ts';
import type { TmuxContext } from './context.ts';
import type { CheckAgents } from './start.ts';

/** Checks that every agent type could run: on the host its program is there, in containers the engine and image. */
export function makeAgentCheck(
  context: TmuxContext,
  options: { readonly engine?: string | undefined; readonly tag?: string | undefined },
): CheckAgents {
  return async (types) => {
    const engine = options.engine ?? context.env.ADR_ENGINE ?? 'docker';
    for (const name of types) {
      const type = findAgentType(name);
      if (!type || type.runs === 'host-only' || engine !== 'host') continue;
      if ((await findOnPath(type.binary, context.env)) === undefined) throw describeMissing(type.binary);
    }
    return engine;
  };
}

function describeMissing(binary: string): AdrError {
  return new AdrError('AGENT_NOT_INSTALLED', `"${binary}" is not on PATH`, { hint: 'install it' });
}
