import { loadAgentTypeReaders } from '../../config/agent-types.ts';
import { loadProcessStarter } from './ensure-monitor.ts';
import { loadClassifier } from './status.ts';

/** Loads what these commands load only when they want it: an upgrade meanwhile takes this version's files away. */
export async function loadAhead(): Promise<void> {
  await Promise.all([loadAgentTypeReaders(), loadProcessStarter(), loadClassifier()]);
}
