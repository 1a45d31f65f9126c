import { OPTION_KEYS } from '../../commands/tmux/agent-options.ts';
import type { Candidate } from './plan.ts';

/** What could stand at the end of `TYPE:NAME,key=value,...`; undefined while it is the type that is written. */
export function offerSpec(
  written: string,
): { readonly lead: string; readonly candidates: readonly Candidate[] } | undefined {
  const comma = written.lastIndexOf(',');
  if (comma < 0) return undefined;
  const lead = written.slice(0, comma + 1);
  const equals = written.indexOf('=', comma);
  if (equals < 0) {
    return {
      lead,
      candidates: OPTION_KEYS.map(({ key, describe, bare }) => ({ value: bare ? key : `${key}=`, describe })),
    };
  }
  const choices = OPTION_KEYS.find(({ key }) => key === written.slice(comma + 1, equals))?.choices ?? [];
  return {
    lead: written.slice(0, equals + 1),
    candidates: choices.map((value) => ({ value, describe: '' })),
  };
}
