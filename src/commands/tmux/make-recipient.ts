import { findReportFile } from '../../activity/read-reports.ts';
import { AdrError } from '../../errors.ts';
import type { DeliveryTools, Recipient } from '../../prompt/recipient.ts';
import type { ObservedPane } from '../../session/observed.ts';
import { findRunDirectory } from '../../system/paths.ts';
import { isSameProcessAlive, readStartTime } from '../../system/process-table.ts';
import type { TmuxContext } from './context.ts';

/** An agent as the delivery sees it. Throws AGENT_TYPE_UNKNOWN. */
export async function makeRecipient(context: TmuxContext, pane: ObservedPane): Promise<Recipient> {
  const type = await context.types.findUsable(pane.type);
  if (!type) {
    throw new AdrError('AGENT_TYPE_UNKNOWN', `agent "${pane.agent}" is of unknown type "${pane.type}"`);
  }
  const reports = pane.reports ? findReportFile(findRunDirectory(context.env, pane.run)) : undefined;
  return { pane: pane.pane, type, reports };
}

/** What a delivery to one pane works with, its lock's owner included. */
export function makeDeliveryTools({ tmux, clock }: TmuxContext): DeliveryTools {
  const nonce = Math.random().toString(36).slice(2, 10);
  const token = `${process.pid}.${readStartTime(process.pid) ?? ''}.${nonce}`;
  const isAlive = (holder: string): boolean => {
    const [pid = '', startTime = ''] = holder.split('.');
    return isSameProcessAlive(Number(pid), startTime);
  };
  return { tmux, clock, owner: { token, isAlive } };
}
