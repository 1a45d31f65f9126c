import { escapeFormat, formatChain } from '../tmux/quote.ts';
import type { AgentSpec } from './agent-spec.ts';
import { chooseWindowSize } from './layout.ts';
import { toTmuxName } from './names.ts';
import { encodeText } from './observed.ts';

/** One agent of a session with the id of the run it will be. */
export interface PlannedAgent extends AgentSpec {
  readonly run: string;
  /** argv of its pane: `adr run <type> -w <workspace> ...`. */
  readonly command: readonly string[];
}

export interface StartPlan {
  readonly session: string;
  readonly sessionId: string;
  /** Absolute and canonical, without line breaks. */
  readonly workspace: string;
  readonly engine: string;
  readonly reports: boolean;
  readonly version: string;
  /** ms since the epoch */
  readonly createdAt: number;
  readonly agents: readonly PlannedAgent[];
  /** What `adr run` needs to find its run directory. No secrets: these stand in argv and in tmux. */
  readonly env: Readonly<Record<string, string>>;
}

/** What the pane border shows: the name, the state as the monitor last wrote it, and the agent's own title. */
const BORDER = ' #[bold]#{@adr_agent}#[default] #{@adr_state} #{=40:pane_title} ';

/**
 * The whole start as one line for `source-file -`: the server runs it without a break, so that `remain-on-exit`
 * holds for a command that ends at once, and the first failure stops the rest. Prints `SESSION <$id>` and a
 * `PANE <%id>` per agent.
 */
export function buildStartChain(plan: StartPlan): string {
  const size = chooseWindowSize(plan.agents.length);
  const [first, ...rest] = plan.agents;
  if (!first) throw new TypeError('a session needs an agent');
  // Without targets of their own the commands would act on the pane that `start` was typed in (TMUX_PANE).
  const session = `=${toTmuxName(plan.session)}`;
  const target = `${session}:`;
  const setOption = (name: string, value: string): readonly string[] => [
    'set-option',
    '-t',
    target,
    name,
    value,
  ];
  const setWindow = (name: string, value: string): readonly string[] => [
    ...['set-option', '-w', '-t', target, name, value],
  ];
  return formatChain([
    [
      ...['new-session', '-d', '-P', '-F', 'SESSION #{session_id} PANE #{pane_id}'],
      ...['-s', toTmuxName(plan.session), '-n', 'agents', '-x', `${size.width}`, '-y', `${size.height}`],
      ...buildEnvironment({ ...plan.env, WORKSPACE: plan.workspace, ...nameRun(plan, first) }),
      ...['-c', escapeFormat(plan.workspace), '--', ...first.command],
    ],
    // Windows that the user opens later are no part of an agent's run.
    ['set-environment', '-t', session, '-u', 'ADR_RUN_ID'],
    ['set-environment', '-t', session, '-u', 'ADR_SESSION_ID'],
    setOption('destroy-unattached', 'off'),
    setOption('@adr_session_id', plan.sessionId),
    setOption('@adr_version', plan.version),
    ...describeSession(plan).map(([name, value]) => setOption(name, value)),
    setWindow('remain-on-exit', 'on'),
    setWindow('automatic-rename', 'off'),
    setWindow('synchronize-panes', 'off'),
    setWindow('pane-border-status', 'top'),
    setWindow('pane-border-format', BORDER),
    ...describePane(plan, first, 0, target),
    ...rest.flatMap((agent, index) => [
      [
        ...['split-window', '-t', target, '-P', '-F', 'PANE #{pane_id}'],
        ...buildEnvironment(nameRun(plan, agent)),
        ...['-c', escapeFormat(plan.workspace), '--', ...agent.command],
      ],
      ...describePane(plan, agent, index + 1, target),
      ['select-layout', '-t', target, 'tiled'],
    ]),
    ['select-pane', '-t', `${target}.{top-left}`],
  ]);
}

function describeSession(plan: StartPlan): readonly (readonly [string, string])[] {
  return [
    ['@adr_session', plan.session],
    ['@adr_workspace', encodeText(plan.workspace)],
    ['@adr_engine', plan.engine],
    ...(plan.reports ? [] : [['@adr_reports', 'off'] as const]),
    ['@adr_created_at', `${plan.createdAt}`],
  ];
}

/**
 * The pane that was just made is its window's active one. It carries what is known of its session, and keeps its last
 * screen, so that it stays what it is when the user moves it to another session.
 */
function describePane(
  plan: StartPlan,
  agent: PlannedAgent,
  index: number,
  target: string,
): readonly (readonly string[])[] {
  const setPane = (name: string, value: string): readonly string[] => [
    ...['set-option', '-p', '-t', target, name, value],
  ];
  return [
    setPane('@adr_agent', agent.name),
    setPane('@adr_type', agent.type),
    setPane('@adr_index', `${index}`),
    setPane('@adr_run', agent.run),
    setPane('@adr_home', plan.sessionId),
    ...describeSession(plan).map(([name, value]) => setPane(name, value)),
    setPane('remain-on-exit', 'on'),
    ['select-pane', '-t', target, '-T', escapeFormat(agent.name)],
  ];
}

function nameRun(plan: StartPlan, agent: PlannedAgent): Readonly<Record<string, string>> {
  return { ADR_SESSION_ID: plan.sessionId, ADR_RUN_ID: agent.run };
}

function buildEnvironment(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
}

/** Reads what the chain printed: the session's id if it was created at all, and the panes that came to be. */
export function parseStartAnswer(stdout: string): {
  readonly sessionKey: string | undefined;
  readonly panes: readonly string[];
} {
  return {
    sessionKey: /SESSION (\$\d+)/.exec(stdout)?.[1],
    panes: [...stdout.matchAll(/PANE (%\d+)/g)].map((match) => match[1] ?? ''),
  };
}
