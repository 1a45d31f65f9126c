import { formatChain } from '../tmux/quote.ts';
import { arrangeWindow, chooseWindowSize, type Layout, nameWindow } from './layout.ts';
import { toTmuxName } from './names.ts';
import {
  describePane,
  describeSession,
  describeWindow,
  type PlannedAgent,
  runInPane,
  type SessionFacts,
} from './pane-plan.ts';

export interface StartPlan extends SessionFacts {
  readonly version: string;
  readonly layout: Layout;
  /** The agents of each window, in order. */
  readonly windows: readonly (readonly PlannedAgent[])[];
}

/**
 * The whole start as one line for `source-file -`: the server runs it without a break, so that `remain-on-exit`
 * holds for a command that ends at once, and the first failure stops the rest. Prints `SESSION <$id>` and a
 * `PANE <%id>` per agent.
 */
export function buildStartChain(plan: StartPlan): string {
  const { layout, windows } = plan;
  const size = chooseWindowSize(layout, Math.max(...windows.map(({ length }) => length)));
  const first = windows[0]?.[0];
  if (!first) throw new TypeError('a session needs an agent');
  // Without targets of their own the commands would act on the pane that `start` was typed in (TMUX_PANE).
  const session = `=${toTmuxName(plan.session)}`;
  const target = `${session}:`;
  const setOption = (name: string, value: string): readonly string[] => [
    ...['set-option', '-t', target, name, value],
  ];
  const describe = (agent: PlannedAgent) => describePane(plan, agent, plan.createdAt, target);
  return formatChain([
    [
      ...['new-session', '-d', '-P', '-F', 'SESSION #{session_id} PANE #{pane_id}'],
      ...['-s', toTmuxName(plan.session), '-n', nameWindow(layout, 0, first.name)],
      ...['-x', `${size.width}`, '-y', `${size.height}`],
      ...runInPane(plan, first, { ...plan.env, WORKSPACE: plan.workspace }),
    ],
    // Windows that the user opens later are no part of an agent's run.
    ['set-environment', '-t', session, '-u', 'ADR_RUN_ID'],
    ['set-environment', '-t', session, '-u', 'ADR_SESSION_ID'],
    setOption('destroy-unattached', 'off'),
    setOption('@adr_session_id', plan.sessionId),
    setOption('@adr_version', plan.version),
    setOption('@adr_layout', layout),
    ...describeSession(plan).map(([name, value]) => setOption(name, value)),
    ...windows.flatMap(([head, ...rest], index) => [
      ...(index === 0 || !head
        ? []
        : [
            [
              ...['new-window', '-t', target, '-n', nameWindow(layout, index, head.name)],
              ...['-P', '-F', 'PANE #{pane_id}', ...runInPane(plan, head)],
            ],
          ]),
      ...describeWindow(target),
      ...(head ? describe(head) : []),
      ...rest.flatMap((agent) => [
        ['split-window', '-t', target, '-P', '-F', 'PANE #{pane_id}', ...runInPane(plan, agent)],
        ...describe(agent),
        // After every one: without it there is soon no space for another (3.3a).
        ...arrangeWindow(layout, target, size),
      ]),
      ['select-pane', '-t', `${target}.{top-left}`],
    ]),
    ...(windows.length > 1 ? [['select-window', '-t', `${target}^`]] : []),
  ]);
}

/** Reads what the chain printed: the session's id if it was created at all, and the panes that came to be. */
export function parseStartAnswer(stdout: string): {
  readonly sessionKey: string | undefined;
  readonly panes: readonly string[];
} {
  return {
    sessionKey: /SESSION (\$\d+)/.exec(stdout)?.[1],
    panes: readPanes(stdout),
  };
}

/** The panes that a chain printed, in the order they were made. */
export function readPanes(stdout: string): readonly string[] {
  return [...stdout.matchAll(/PANE (%\d+)/g)].map((match) => match[1] ?? '');
}
