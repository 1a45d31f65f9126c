import type { TmuxClient } from '../tmux/client.ts';
import { describeFailure } from '../tmux/errors.ts';
import { formatFields, parseRows } from '../tmux/fields.ts';
import { formatChain } from '../tmux/quote.ts';
import {
  arrangeWindow,
  chooseWindowSize,
  findCapacity,
  type Layout,
  nameWindow,
  type Size,
} from './layout.ts';
import {
  describePane,
  describeWindow,
  type PlannedAgent,
  runInPane,
  type SessionFacts,
} from './pane-plan.ts';

const FIELDS = {
  key: 'window_id',
  width: 'window_width',
  height: 'window_height',
  current: 'window_active',
  zoomed: 'window_zoomed_flag',
  active: 'pane_active',
  pane: 'pane_id',
  home: '@adr_home',
} as const;

/** A window of a session that holds agents of its own. */
export interface AgentWindow {
  /** tmux's id, `@3`. */
  readonly key: string;
  readonly size: Size;
  /** The one that the session shows. */
  readonly current: boolean;
  readonly zoomed: boolean;
  readonly activePane: string;
  /** All panes, the user's own too. */
  readonly panes: readonly string[];
}

/** The windows of a session in which its agents are, in tmux's order. Throws TMUX_FAILED. */
export async function listAgentWindows(
  tmux: TmuxClient,
  session: { readonly key: string; readonly id: string },
): Promise<readonly AgentWindow[]> {
  const answer = await tmux.run(['list-panes', '-s', '-t', session.key, '-F', formatFields(FIELDS)]);
  if (!answer.ok) throw describeFailure('list-panes', answer.stderr);
  const rows = parseRows(FIELDS, answer.stdout);
  const keys = [...new Set(rows.filter(({ home }) => home === session.id).map(({ key }) => key))];
  return keys.map((key) => {
    const own = rows.filter((row) => row.key === key);
    const first = own[0];
    return {
      key,
      size: { width: Number(first?.width), height: Number(first?.height) },
      current: first?.current === '1',
      zoomed: first?.zoomed === '1',
      activePane: own.find(({ active }) => active === '1')?.pane ?? '',
      panes: own.map(({ pane }) => pane),
    };
  });
}

export interface AddPlan {
  readonly facts: SessionFacts;
  readonly sessionKey: string;
  readonly layout: Layout;
  readonly windows: readonly AgentWindow[];
  readonly agents: readonly PlannedAgent[];
  /** Somebody looks at it: windows get the size of his terminal. */
  readonly attached: boolean;
  /** The terminal to plan for. */
  readonly terminal: Size;
  /** ms since the epoch */
  readonly startedAt: number;
}

/** A window that takes some of the new agents. */
interface Taker {
  readonly window: AgentWindow | undefined;
  readonly agents: PlannedAgent[];
}

/**
 * Adds agents to a session as one line for `source-file -`, the first failure stops the rest. Each goes to the first
 * window of agents with room, else to a new one; the user's current window, active panes and zoom stay as they are.
 * Prints a `PANE <%id>` per agent, in the order of `plan.agents` as `takers` has them.
 */
export function buildAddChain(plan: AddPlan): {
  readonly chain: string;
  readonly order: readonly PlannedAgent[];
} {
  const takers = assignWindows(plan);
  const fresh = takers.filter(({ window }) => !window);
  const commands = takers.flatMap((taker) =>
    taker.window
      ? fillWindow(plan, taker.window, taker.agents)
      : openWindow(plan, taker.agents, plan.windows.length + fresh.indexOf(taker)),
  );
  return { chain: formatChain(commands), order: takers.flatMap(({ agents }) => agents) };
}

function assignWindows({ windows, agents, layout, terminal }: AddPlan): readonly Taker[] {
  const capacity = findCapacity(layout, terminal);
  const takers: Taker[] = windows.map((window) => ({ window, agents: [] }));
  for (const agent of agents) {
    const open = takers.find(
      ({ window, agents: given }) => (window?.panes.length ?? 0) + given.length < capacity,
    );
    if (open) open.agents.push(agent);
    else takers.push({ window: undefined, agents: [agent] });
  }
  return takers.filter(({ agents: given }) => given.length > 0);
}

type Words = readonly string[];

function fillWindow(plan: AddPlan, window: AgentWindow, agents: readonly PlannedAgent[]): readonly Words[] {
  const { key } = window;
  const size = plan.attached ? window.size : growSize(plan.layout, window, agents.length);
  const grown = size.width !== window.size.width || size.height !== window.size.height;
  return [
    ...(grown
      ? [
          ['resize-window', '-t', key, '-x', `${size.width}`, '-y', `${size.height}`],
          // The resize fixed its size; the next client's is to count again.
          ['set-option', '-w', '-u', '-t', key, 'window-size'],
        ]
      : []),
    ...agents.flatMap((agent, at) => [
      // Behind the last pane. The new one is its window's active one until the end: that is how it is named here.
      [
        'split-window',
        '-t',
        at === 0 ? (window.panes.at(-1) ?? key) : key,
        '-P',
        '-F',
        'PANE #{pane_id}',
        ...runInPane(plan.facts, agent, plan.facts.env),
      ],
      ...describePane(plan.facts, agent, plan.startedAt, key),
      ...arrangeWindow(plan.layout, key, size),
    ]),
    ...returnTo(window),
  ];
}

/** What a change of a window took from the user who looks at it. */
function returnTo({ activePane, zoomed }: AgentWindow): readonly Words[] {
  return [['select-pane', '-t', activePane], ...(zoomed ? [['resize-pane', '-Z', '-t', activePane]] : [])];
}

function growSize(layout: Layout, { size, panes }: AgentWindow, more: number): Size {
  const wanted = chooseWindowSize(layout, panes.length + more);
  return { width: Math.max(size.width, wanted.width), height: Math.max(size.height, wanted.height) };
}

function openWindow(plan: AddPlan, agents: readonly PlannedAgent[], index: number): readonly Words[] {
  const [first, ...rest] = agents;
  if (!first) return [];
  const { facts, sessionKey, layout, startedAt } = plan;
  // Until it is described it has a name that no other has: opened in the background it is nobody's current window.
  const passing = `adr-${first.run}`;
  const target = `${sessionKey}:=${passing}`;
  return [
    [
      ...['new-window', '-d', '-t', `${sessionKey}:`, '-n', passing, '-P', '-F', 'PANE #{pane_id}'],
      ...runInPane(facts, first, facts.env),
    ],
    ...describeWindow(target),
    ...describePane(facts, first, startedAt, target),
    ...rest.flatMap((agent) => [
      ['split-window', '-t', target, '-P', '-F', 'PANE #{pane_id}', ...runInPane(facts, agent, facts.env)],
      ...describePane(facts, agent, startedAt, target),
      ...arrangeWindow(
        layout,
        target,
        plan.attached ? plan.terminal : chooseWindowSize(layout, agents.length),
      ),
    ]),
    ['select-pane', '-t', `${target}.{top-left}`],
    ['rename-window', '-t', target, nameWindow(layout, index, first.name)],
  ];
}

/** What arranges a window whose panes `closed` have gone; nothing where none of its panes is among them, or all are. */
export function arrangeAfter(
  layout: Layout,
  window: AgentWindow,
  closed: readonly string[],
): readonly (readonly string[])[] {
  const left = window.panes.filter((pane) => !closed.includes(pane));
  if (left.length === window.panes.length || left.length === 0) return [];
  const stays = left.includes(window.activePane);
  return [...arrangeWindow(layout, window.key, window.size), ...(stays ? returnTo(window) : [])];
}
