import { AdrError } from '../errors.ts';
import { suggestName } from '../suggest.ts';
import { checkName } from './names.ts';

/** One agent of a session: its type and the name that is its own there. */
export interface AgentSpec {
  readonly type: string;
  readonly name: string;
}

/**
 * Reads `type[:name]` specs: `pi:main` names it, `pi` and `pi:*` become `pi-1`, `pi-2` in order, passing over names
 * that were given. `taken` holds names the session has already. Throws AGENT_TYPE_UNKNOWN or USAGE.
 */
export function parseAgentSpecs(
  specs: readonly string[],
  knownTypes: readonly string[],
  taken: readonly string[] = [],
): readonly AgentSpec[] {
  if (specs.length === 0) {
    throw new AdrError('USAGE', 'no agent given', { hint: 'name at least one: --agent pi:main' });
  }
  const wanted = specs.map((spec) => splitSpec(spec, knownTypes));
  const used = new Set(taken);
  for (const { name } of wanted) {
    if (name === undefined) continue;
    if (used.has(name)) {
      throw new AdrError('USAGE', `two agents are named "${name}"`, {
        hint: `names are unique within a session: --agent TYPE:${name}2, or leave the name out`,
      });
    }
    used.add(name);
  }
  return wanted.map(({ type, name }) => {
    if (name !== undefined) return { type, name };
    const made = findFreeName(type, used);
    used.add(made);
    return { type, name: made };
  });
}

function splitSpec(
  spec: string,
  knownTypes: readonly string[],
): { readonly type: string; readonly name: string | undefined } {
  const colon = spec.indexOf(':');
  const type = colon < 0 ? spec : spec.slice(0, colon);
  const name = colon < 0 ? undefined : spec.slice(colon + 1);
  if (!knownTypes.includes(type)) {
    const near = suggestName(type, knownTypes);
    throw new AdrError('AGENT_TYPE_UNKNOWN', `unknown agent type "${type}"`, {
      hint: near
        ? `did you mean "${near}"? Known: ${knownTypes.join(', ')}`
        : `known: ${knownTypes.join(', ')}`,
    });
  }
  return { type, name: name === undefined || name === '*' ? undefined : checkName('agent', name) };
}

function findFreeName(type: string, used: ReadonlySet<string>): string {
  let index = 1;
  while (used.has(`${type}-${index}`)) index++;
  return `${type}-${index}`;
}
