import { Box, Text } from 'ink';
import { type ReactNode, useRef } from 'react';
import type { WatchedAgent, WatchedSession } from '../commands/tmux/watch.ts';
import { cleanLine } from '../output/clean-line.ts';
import { describeDetail } from '../output/describe-detail.ts';
import { describeUsageBriefly } from '../output/format-usage.ts';
import { AgentRow } from './AgentRow.tsx';
import { formatAge, formatUptime } from './format-age.ts';
import { planColumns, scrollTo } from './plan-layout.ts';
import { SessionRow } from './SessionRow.tsx';
import { keyOf, listVisible, type WatchState } from './watch-state.ts';

/** A line of the list. */
export type ListRow =
  | { readonly kind: 'session'; readonly session: WatchedSession }
  | { readonly kind: 'agent'; readonly agent: WatchedAgent };

export interface AgentListProps {
  readonly state: WatchState;
  readonly now: number;
  readonly width: number;
  readonly height: number;
  readonly shorten: (path: string) => string;
}

/** All agents under their sessions, scrolled so that the selected one is seen. */
export function AgentList({ state, now, width, height, shorten }: AgentListProps): ReactNode {
  const agents = listVisible(state);
  const rows = listRows(state);
  const first = useScroll(rows, state.selected, height);
  const columns = planColumns(agents, width);
  if (rows.length === 0) {
    return (
      <Box height={height}>
        <Text dimColor wrap="truncate">
          {state.filter === ''
            ? 'No sessions. Start one: adr-tmux start NAME --agent TYPE'
            : 'No agent has these words. Esc shows all.'}
        </Text>
      </Box>
    );
  }
  return (
    <Box flexDirection="column" height={height}>
      {rows
        .slice(first, first + height)
        .map((row) =>
          row.kind === 'session' ? (
            <SessionRow
              key={row.session.id}
              name={cleanLine(row.session.name)}
              uptime={formatUptime(now - row.session.createdAt)}
              workspace={cleanLine(shorten(row.session.workspace))}
              branch={cleanLine(row.session.branch ?? '')}
              engine={cleanLine(row.session.engine)}
              width={width}
            />
          ) : (
            <AgentRow
              key={keyOf(row.agent)}
              name={cleanLine(row.agent.agent)}
              type={cleanLine(row.agent.type)}
              state={row.agent.state}
              age={formatAge(now - row.agent.since)}
              detail={describeDetail(row.agent, now)}
              snippet={cleanLine(row.agent.snippet)}
              usage={describeUsageBriefly(row.agent.usage)}
              selected={keyOf(row.agent) === state.selected}
              columns={columns}
              width={width}
            />
          ),
        )}
    </Box>
  );
}

/** The lines of the list: each session, then its agents. */
export function listRows(state: WatchState): readonly ListRow[] {
  const visible = listVisible(state);
  return state.snapshot.sessions.flatMap((session): readonly ListRow[] => {
    const agents = visible.filter((agent) => agent.session === session.name);
    if (agents.length === 0) return [];
    return [{ kind: 'session', session }, ...agents.map((agent): ListRow => ({ kind: 'agent', agent }))];
  });
}

function useScroll(rows: readonly ListRow[], selected: string | undefined, height: number): number {
  const first = useRef(0);
  const found = rows.findIndex((row) => row.kind === 'agent' && keyOf(row.agent) === selected);
  const index = Math.max(0, found);
  // The first agent of a session brings its session's line along.
  const target = rows[index - 1]?.kind === 'session' && index - 1 < first.current ? index - 1 : index;
  first.current = scrollTo(first.current, target, height, rows.length);
  return first.current;
}
