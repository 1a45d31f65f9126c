import { listKeptTrees } from '../tmux/tree-places.ts';
import type { DoctorTools, Finding } from './doctor.ts';

/** Trees of agents that have ended: work may be in them. */
export async function checkTrees({ env }: Pick<DoctorTools, 'env'>): Promise<readonly Finding[]> {
  const kept = await listKeptTrees(env);
  return kept.map(
    ({ session, agent, repository }): Finding => ({
      area: 'leftovers',
      level: 'note',
      message: `the tree of agent ${agent} of session ${session} (${repository}) is kept`,
      fix: `see it: adr-tmux diff ${session} --agent ${agent}; then adr-tmux merge or discard`,
    }),
  );
}
