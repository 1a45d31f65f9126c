import { Box, Text, useInput } from 'ink';
import { type ReactNode, useSyncExternalStore } from 'react';
import type { WatchedAgent } from '../commands/tmux/watch.ts';
import { cleanLine } from '../output/clean-line.ts';
import { describeDetail } from '../output/describe-detail.ts';
import { AgentList, listRows } from './AgentList.tsx';
import type { Store } from './create-store.ts';
import { Divider } from './Divider.tsx';
import { Help } from './Help.tsx';
import { findAction, nameKeys } from './keys.ts';
import { Preview } from './Preview.tsx';
import { ColorContext, LOOKS } from './palette.ts';
import { planLayout, type Size } from './plan-layout.ts';
import type { Source } from './sources.ts';
import { TopBar } from './TopBar.tsx';
import { findSelected, type WatchAction, type WatchState } from './watch-state.ts';

export interface WatchProps {
  readonly store: Store<WatchState, WatchAction>;
  readonly clock: Source<number>;
  readonly size: Source<Size>;
  readonly color: boolean;
  /** Shortens a path for people. */
  readonly shorten: (path: string) => string;
  readonly onLeave: () => void;
}

const FOOTER = '↑↓ select   ? help   q leave';

/** The whole view: counts, list, panel, keys. */
export function Watch({ store, clock, size, color, shorten, onLeave }: WatchProps): ReactNode {
  const state = useSyncExternalStore(store.subscribe, store.getState);
  const now = useSyncExternalStore(clock.subscribe, clock.get);
  const { columns, rows } = useSyncExternalStore(size.subscribe, size.get);
  useInput((input, key) => {
    for (const name of nameKeys(input, key)) {
      const action = findAction(name);
      if (action?.kind === 'leave') onLeave();
      else if (action) store.dispatch(action);
    }
  });
  const { agents } = state.snapshot;
  const layout = planLayout(
    { columns, rows },
    state.panel === 'help' ? 0 : Math.max(1, listRows(state).length),
  );
  const selected = agents[findSelected(state)];
  return (
    <ColorContext.Provider value={color}>
      <Box flexDirection="column" width={columns} height={rows} paddingX={1} overflow="hidden">
        <TopBar states={agents.map((agent) => agent.state)} width={layout.width} />
        {layout.list === 0 ? null : (
          <AgentList state={state} now={now} width={layout.width} height={layout.list} shorten={shorten} />
        )}
        {layout.panel === 0 ? null : (
          <>
            <Divider
              title={state.panel === 'help' ? 'keys' : selected ? describeTitle(selected, now) : ''}
              right={
                state.panel === 'preview' && agents.length > 1
                  ? `${findSelected(state) + 1}/${agents.length}`
                  : ''
              }
              width={layout.width}
            />
            {state.panel === 'help' ? (
              <Help width={layout.width} height={layout.panel} />
            ) : (
              <Preview screen={selected?.screen ?? ''} width={layout.width} height={layout.panel} />
            )}
          </>
        )}
        {layout.footer ? (
          <Text dimColor wrap="truncate">
            {FOOTER}
          </Text>
        ) : null}
      </Box>
    </ColorContext.Provider>
  );
}

function describeTitle(agent: WatchedAgent, now: number): string {
  const name = `${LOOKS[agent.state].symbol} ${cleanLine(agent.agent)}`;
  const parts = [name, cleanLine(agent.type), agent.state, describeDetail(agent, now)];
  return parts.filter((text) => text !== '').join(' · ');
}
