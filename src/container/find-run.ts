import { AdrError } from '../errors.ts';
import type { RunSummary } from './runs.ts';

/** What a user may call a run by, shown where several answer to the same word. */
export function nameRun(run: Pick<RunSummary, 'run' | 'agent' | 'session'>): string {
  const name = run.session === undefined ? run.agent : `${run.session}/${run.agent}`;
  return `${name} (${run.run})`;
}

/**
 * The run that a word means: its id or the start of it (4 digits at least), its container's name or id, `session/agent`,
 * or the agent's name. Throws AGENT_NOT_FOUND, and USAGE when several have that name.
 */
export function findRun(runs: readonly RunSummary[], word: string): RunSummary {
  const hex = /^[0-9a-f]{4,64}$/.test(word);
  const rules: readonly ((run: RunSummary) => boolean)[] = [
    (run) => run.run === word || run.container?.name === word,
    (run) => `${run.session}/${run.agent}` === word,
    (run) => run.agent === word,
    (run) => hex && (run.run.startsWith(word) || (run.container?.id.startsWith(word) ?? false)),
  ];
  for (const rule of rules) {
    const [found, ...others] = runs.filter(rule);
    if (!found) continue;
    if (others.length === 0) return found;
    throw new AdrError('USAGE', `${others.length + 1} runs are called ${JSON.stringify(word)}`, {
      hint: `name one by its id: ${listNames([found, ...others])}`,
    });
  }
  throw new AdrError('AGENT_NOT_FOUND', `no run ${JSON.stringify(word)}`, {
    hint: runs.length === 0 ? 'nothing runs: adr ps' : `see the runs: adr ps (${listNames(runs)})`,
  });
}

/** The first few of them. */
function listNames(runs: readonly RunSummary[]): string {
  const shown = runs.slice(0, 5).map(nameRun);
  return [...shown, ...(runs.length > shown.length ? ['...'] : [])].join(', ');
}
