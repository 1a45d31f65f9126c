import type { Change } from '../../activity/find-changes.ts';
import { shorten } from '../../activity/patterns.ts';
import type { AttachedClient } from '../../session/clients.ts';

/** What a user is told of one agent. Texts are one line, without control characters. */
export interface Notice {
  readonly change: Change;
  /** `refactor/main asks` */
  readonly title: string;
  /** What it asks, why it ended...; may be empty. */
  readonly body: string;
}

const MAX_CHARS = 200;

/**
 * Which changes a user wants to hear of: an agent waits for him, is stalled, or has exited without being told to by a
 * command of ours; not in a pane that he looks at.
 */
export function planNotices(
  changes: readonly Change[],
  clients: readonly AttachedClient[],
): readonly Notice[] {
  return changes.flatMap((change): readonly Notice[] => {
    const { session, pane, verdict } = change;
    const looking = clients.some((client) => client.focused && client.pane === pane.pane);
    const said = describe(change);
    if (looking || said === undefined || change.passed) return [];
    const body = cleanFact(verdict.question?.what || verdict.reason);
    const title = `${session.name}/${pane.agent} ${said}`;
    return [{ change, title, body: verdict.state === 'EXITED' ? '' : body }];
  });
}

function describe({ pane, verdict }: Change): string | undefined {
  switch (verdict.state) {
    case 'WAITING':
      return 'asks';
    case 'STALLED':
      return 'makes no progress';
    case 'EXITED':
      return pane.ending ? undefined : `has exited (${pane.exit ?? 'code unknown'})`;
    default:
      return undefined;
  }
}

/** The facts for the user's own command, as its environment. */
export function listFacts({ change }: Notice): Readonly<Record<string, string>> {
  const { session, pane, from, verdict } = change;
  return {
    ADR_SESSION: session.name,
    ADR_AGENT: pane.agent,
    ADR_TYPE: pane.type,
    ADR_STATE: verdict.state,
    ADR_FROM: from ?? '',
    ADR_REASON: cleanFact(verdict.reason),
    ADR_QUESTION: cleanFact(verdict.question?.what ?? ''),
    ADR_EXIT_CODE: verdict.state === 'EXITED' && pane.exit !== null ? `${pane.exit}` : '',
    ADR_WORKSPACE: session.workspace,
    ADR_PANE: pane.pane,
    ADR_SINCE: `${verdict.since}`,
  };
}

/** What comes from an agent, as one short line. */
function cleanFact(text: string): string {
  return shorten(text.replace(/\p{Cf}+/gu, ' '), MAX_CHARS);
}
