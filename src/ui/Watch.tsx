import { Box } from 'ink';
import { type ReactNode, useSyncExternalStore } from 'react';
import { AgentList, listRows } from './AgentList.tsx';
import type { Store } from './create-store.ts';
import { Footer } from './Footer.tsx';
import { Panel } from './Panel.tsx';
import { ColorContext } from './palette.ts';
import { planLayout, type Size } from './plan-layout.ts';
import type { Source } from './sources.ts';
import { TopBar } from './TopBar.tsx';
import type { WatchState } from './watch-state.ts';

export interface WatchProps {
  readonly store: Pick<Store<WatchState, unknown>, 'getState' | 'subscribe'>;
  readonly clock: Source<number>;
  readonly size: Source<Size>;
  readonly color: boolean;
  /** Shortens a path for people. */
  readonly shorten: (path: string) => string;
}

/**
 * The whole view: counts, list, panel, keys. It draws; what keys do is `pressKey`. Parts cut their own lines: Ink takes
 * every clipped one apart twice.
 */
export function Watch({ store, clock, size, color, shorten }: WatchProps): ReactNode {
  const state = useSyncExternalStore(store.subscribe, store.getState);
  const now = useSyncExternalStore(clock.subscribe, clock.get);
  const { columns, rows } = useSyncExternalStore(size.subscribe, size.get);
  const { mode } = state;
  const writes = mode.kind === 'compose' || mode.kind === 'answer';
  const layout = planLayout(
    { columns, rows },
    state.panel === 'help' && mode.kind === 'browse' ? 0 : Math.max(1, listRows(state).length),
    writes,
  );
  return (
    <ColorContext.Provider value={color}>
      <Box flexDirection="column" width={columns} height={rows} paddingX={1}>
        <TopBar states={state.snapshot.agents.map((agent) => agent.state)} width={layout.width} />
        {layout.list === 0 ? null : (
          <AgentList state={state} now={now} width={layout.width} height={layout.list} shorten={shorten} />
        )}
        {layout.panel === 0 ? null : (
          <Panel state={state} now={now} width={layout.width} height={layout.panel} />
        )}
        {layout.footer ? <Footer state={state} now={now} width={layout.width} /> : null}
      </Box>
    </ColorContext.Provider>
  );
}
