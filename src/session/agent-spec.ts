import { AdrError } from '../errors.ts';
import { suggestName } from '../suggest.ts';
import { checkName } from './names.ts';
import { type SpecField, splitFields } from './spec-fields.ts';

/** One agent of a session: its type and the name that is its own there. */
export interface AgentSpec {
  readonly type: string;
  readonly name: string;
}

/** An agent as it was asked for: what stood behind its name is not judged yet. */
export interface GivenAgent extends AgentSpec {
  readonly fields: readonly SpecField[];
}

/**
 * Reads `type[:name][,key=value...]` specs: `pi:main` names it, `pi` and `pi:*` become `pi-1`, `pi-2` in order, passing
 * over names that were given. `taken` holds names the session has already. Throws AGENT_TYPE_UNKNOWN, NAME_CONFLICT or
 * USAGE.
 */
export function parseAgentSpecs(
  specs: readonly string[],
  knownTypes: readonly string[],
  taken: readonly string[] = [],
): readonly GivenAgent[] {
  if (specs.length === 0) {
    throw new AdrError('USAGE', 'no agent given', { hint: 'name at least one: --agent pi:main' });
  }
  const wanted = specs.map((spec) => splitSpec(spec, knownTypes));
  const used = new Set(taken);
  for (const { name } of wanted) {
    if (name === undefined) continue;
    if (taken.includes(name)) {
      throw new AdrError('NAME_CONFLICT', `there is an agent "${name}" already`, {
        hint: `choose another name, leave it out, or start that one anew: adr-tmux restart`,
      });
    }
    if (used.has(name)) {
      throw new AdrError('USAGE', `two agents are named "${name}"`, {
        hint: `names are unique within a session: --agent TYPE:${name}2, or leave the name out`,
      });
    }
    used.add(name);
  }
  return wanted.map(({ type, name, fields }) => {
    if (name !== undefined) return { type, name, fields };
    const made = findFreeName(type, used);
    used.add(made);
    return { type, name: made, fields };
  });
}

function splitSpec(
  spec: string,
  knownTypes: readonly string[],
): {
  readonly type: string;
  readonly name: string | undefined;
  readonly fields: readonly SpecField[];
} {
  const [first, ...fields] = splitFields(spec);
  const head = first?.key ?? '';
  if (first?.value !== undefined) {
    throw new AdrError('USAGE', `"${spec}" does not begin with an agent type`, {
      hint: `write TYPE:NAME first: --agent pi:main,${head}=...`,
    });
  }
  const colon = head.indexOf(':');
  const type = colon < 0 ? head : head.slice(0, colon);
  const name = colon < 0 ? undefined : head.slice(colon + 1);
  if (!knownTypes.includes(type)) {
    const near = suggestName(type, knownTypes);
    throw new AdrError('AGENT_TYPE_UNKNOWN', `unknown agent type "${type}"`, {
      hint: near
        ? `did you mean "${near}"? Known: ${knownTypes.join(', ')}`
        : `known: ${knownTypes.join(', ')}`,
    });
  }
  return {
    type,
    name: name === undefined || name === '*' ? undefined : checkName('agent', name),
    fields,
  };
}

function findFreeName(type: string, used: ReadonlySet<string>): string {
  let index = 1;
  while (used.has(`${type}-${index}`)) index++;
  return `${type}-${index}`;
}
