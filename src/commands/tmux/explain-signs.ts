import { listPatterns } from '../../agents/list-patterns.ts';
import type { AgentType, Pattern, ScreenSigns } from '../../agents/types.ts';
import { findAgentTypesDirectory } from '../../config/agent-types.ts';
import { findOwnPatterns } from '../../config/refuse-slow-patterns.ts';
import { AdrError } from '../../errors.ts';
import type { TmuxContext } from './context.ts';

/** The signs in force for an agent type, and where they come from. */
export interface SignsInForce {
  readonly type: string;
  readonly signs: ScreenSigns;
  /** The user's file that changes them; undefined: none does. */
  readonly file: string | undefined;
  /** Where a file of the user's own would stand. */
  readonly wouldBe: string;
  /** Places that the file changed: `busy[0]`. */
  readonly own: readonly string[];
  /** Why the user's file does not count. */
  readonly problem: AdrError | undefined;
}

/** The signs by which screens of this type are read now. Throws AGENT_TYPE_UNKNOWN, CONFIG_INVALID. */
export async function findSignsInForce(
  { types, env }: Pick<TmuxContext, 'types' | 'env'>,
  name: string,
): Promise<SignsInForce> {
  const { type, problem } = await types.inspect(name);
  if (!type && problem) throw problem;
  if (!type) {
    throw new AdrError('AGENT_TYPE_UNKNOWN', `unknown agent type "${name}"`, {
      hint: `known: ${(await types.listNames()).join(', ')}`,
    });
  }
  const wouldBe = `${findAgentTypesDirectory(env)}/${name}/signs.json`;
  if (!type.signs) {
    throw new AdrError('AGENT_TYPE_UNKNOWN', `agent type "${name}" has no signs: the base rule judges it`, {
      hint: `write some: ${wouldBe} (docs/own-agents.md)`,
    });
  }
  const own = findOwnPatterns(type).map(({ place }) => place);
  return { type: name, signs: type.signs, file: type.signsFrom?.file, wouldBe, own, problem };
}

/** Where the pattern that proved something stands, and whose it is. */
export interface PatternOrigin {
  /** `busy[0]`, `titles.busy`, `composer`. */
  readonly place: string;
  readonly pattern: Pattern;
  /** The user's file; undefined: built in. */
  readonly file: string | undefined;
}

/** Finds a pattern among a type's signs; `kind` is the list it was read from (`busy`, `dialog`, `composer`). */
export function findOrigin(type: AgentType, kind: string, pattern: Pattern): PatternOrigin {
  const listed = type.signs === undefined ? [] : listPatterns(type.signs);
  const own = findOwnPatterns(type);
  const file = type.signsFrom?.file;
  // The composer is proved by all of its patterns together.
  if (kind === 'composer') {
    return { place: kind, pattern, file: own.some(({ place }) => place.startsWith(kind)) ? file : undefined };
  }
  const fits = listed.filter((entry) => entry.pattern === pattern);
  const place = (fits.find((entry) => entry.place.startsWith(kind)) ?? fits[0])?.place ?? kind;
  return { place, pattern, file: own.some((entry) => entry.place === place) ? file : undefined };
}
