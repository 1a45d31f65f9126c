import { escapeFormat } from '../tmux/quote.ts';
import type { AgentSpec } from './agent-spec.ts';
import { encodePorts, encodeText, type OpenPort } from './observed.ts';

/** One agent of a session with the id of the run it will be. */
export interface PlannedAgent extends AgentSpec {
  /** Its place in the session, counted from 0. */
  readonly index: number;
  readonly run: string;
  /** Absolute and canonical, without line breaks. */
  readonly workspace: string;
  readonly reports: boolean;
  /** Ports of its container that are to be open on this machine. */
  readonly ports: readonly OpenPort[];
  /** argv of its pane: `adr run <type> -w <workspace> ...`. No secrets: everybody can read it. */
  readonly command: readonly string[];
}

/** What is said of a session in tmux, on the session and on each of its panes. */
export interface SessionFacts {
  readonly session: string;
  readonly sessionId: string;
  readonly workspace: string;
  readonly engine: string;
  /** The engine client's context. */
  readonly context?: string | undefined;
  /** ms since the epoch */
  readonly createdAt: number;
  /** What `adr run` needs to find its run directory. No secrets: these stand in argv and in tmux. */
  readonly env: Readonly<Record<string, string>>;
}

type Words = readonly string[];

/** What the pane border shows: the name, the state as the monitor last wrote it, and the agent's own title. */
const BORDER = ' #[bold]#{@adr_agent}#[default] #{@adr_state} #{=40:pane_title} ';

/** Options of a session or a pane that say whose it is. */
export function describeSession(facts: SessionFacts): readonly (readonly [string, string])[] {
  return [
    ['@adr_session', facts.session],
    ['@adr_workspace', encodeText(facts.workspace)],
    ['@adr_engine', facts.engine],
    ...(facts.context === undefined ? [] : [['@adr_context', encodeText(facts.context)] as const]),
    ['@adr_created_at', `${facts.createdAt}`],
  ];
}

/** Options of a window of agents. */
export function describeWindow(target: string): readonly Words[] {
  const set = (name: string, value: string): Words => ['set-option', '-w', '-t', target, name, value];
  return [
    set('remain-on-exit', 'on'),
    set('automatic-rename', 'off'),
    set('synchronize-panes', 'off'),
    set('pane-border-status', 'top'),
    set('pane-border-format', BORDER),
  ];
}

/** What stands behind a command that makes a pane: variables, directory, argv. */
export function runInPane(facts: SessionFacts, agent: PlannedAgent, more: SessionFacts['env'] = {}): Words {
  const env = {
    ...more,
    ...(agent.workspace === facts.workspace ? {} : { WORKSPACE: agent.workspace }),
    ...{ ADR_SESSION_ID: facts.sessionId, ADR_RUN_ID: agent.run },
  };
  return [
    ...Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
    ...['-c', escapeFormat(agent.workspace), '--', ...agent.command],
  ];
}

/**
 * Options of an agent's pane. It carries what is known of its session, and keeps its last screen, so that it stays what
 * it is when the user moves it to another session.
 */
export function describePane(
  facts: SessionFacts,
  agent: PlannedAgent,
  startedAt: number,
  target: string,
): readonly Words[] {
  const set = (name: string, value: string): Words => ['set-option', '-p', '-t', target, name, value];
  return [
    set('@adr_agent', agent.name),
    set('@adr_type', agent.type),
    set('@adr_index', `${agent.index}`),
    set('@adr_run', agent.run),
    set('@adr_home', facts.sessionId),
    ...describeSession(facts).map(([name, value]) => set(name, value)),
    ...(agent.workspace === facts.workspace ? [] : [set('@adr_directory', encodeText(agent.workspace))]),
    ...(agent.reports ? [] : [set('@adr_reports', 'off')]),
    ...(agent.ports.length > 0 ? [set('@adr_ports', encodePorts(agent.ports))] : []),
    ...(startedAt === facts.createdAt ? [] : [set('@adr_started_at', `${startedAt}`)]),
    set('remain-on-exit', 'on'),
    ['select-pane', '-t', target, '-T', escapeFormat(agent.name)],
  ];
}

/** What a run leaves in its pane's options: the next one begins without. */
export function forgetRun(target: string): readonly Words[] {
  const names = [
    'state',
    'since',
    'progress_at',
    'witness',
    'question',
    'reason',
    'track',
    'ending',
    'ports',
  ];
  return names.map((name) => ['set-option', '-p', '-u', '-t', target, `@adr_${name}`]);
}
