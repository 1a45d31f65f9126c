import { constants } from 'node:os';
import type { TmuxClient } from '../tmux/client.ts';
import { describeFailure } from '../tmux/errors.ts';
import { formatFields, parseRows, type Row } from '../tmux/fields.ts';

const FIELDS = {
  serverPid: 'pid',
  serverStart: 'start_time',
  monitor: '@adr_monitor',
  sessionKey: 'session_id',
  sessionId: '@adr_session_id',
  home: '@adr_home',
  session: '@adr_session',
  createdAt: '@adr_created_at',
  workspace: '@adr_workspace',
  directory: '@adr_directory',
  engine: '@adr_engine',
  context: '@adr_context',
  layout: '@adr_layout',
  stopping: '@adr_stopping',
  startedAt: '@adr_started_at',
  reports: '@adr_reports',
  ports: '@adr_ports',
  attached: 'session_attached',
  windowKey: 'window_id',
  pane: 'pane_id',
  panePid: 'pane_pid',
  dead: 'pane_dead',
  exit: 'pane_dead_status',
  signal: 'pane_dead_signal',
  width: 'pane_width',
  height: 'pane_height',
  inMode: 'pane_in_mode',
  cursorX: 'cursor_x',
  cursorY: 'cursor_y',
  agent: '@adr_agent',
  type: '@adr_type',
  index: '@adr_index',
  run: '@adr_run',
  ending: '@adr_ending',
  state: '@adr_state',
  since: '@adr_since',
  progressAt: '@adr_progress_at',
  witness: '@adr_witness',
  question: '@adr_question',
  reason: '@adr_reason',
  track: '@adr_track',
  answeredAt: '@adr_answered_at',
  title: 'pane_title',
} as const;

/** A pane of ours as tmux knows it now. Times in ms since the epoch. */
export interface ObservedPane {
  readonly pane: string;
  readonly pid: number;
  readonly agent: string;
  readonly type: string;
  readonly index: number;
  readonly run: string;
  /** The directory it works in: the session's workspace, or its own. */
  readonly workspace: string;
  /** When its run was started. */
  readonly startedAt: number;
  /** Its reporter was not switched off when the session was started. */
  readonly reports: boolean;
  /** Ports of its container that are open on this machine (127.0.0.1). */
  readonly ports: readonly OpenPort[];
  /** The user moved it into another tmux session. */
  readonly away: boolean;
  readonly dead: boolean;
  /** Its run is being ended by a command of ours: its end is no news. */
  readonly ending: boolean;
  /** Exit code of a dead pane; null when tmux does not know it (never a guessed 0). */
  readonly exit: number | null;
  readonly size: string;
  readonly inMode: boolean;
  readonly cursor: { readonly x: number; readonly y: number };
  readonly title: string;
  /** When a question of its run was last answered by a command of ours. */
  readonly answeredAt?: number | undefined;
  /** The last verdict and the classifier's memory, as the monitor wrote them; undefined when never judged. */
  readonly stored: StoredState | undefined;
}

/** A port of a container (`container`) that is reached on 127.0.0.1 of this machine as `host`. */
export interface OpenPort {
  readonly host: number;
  readonly container: number;
}

/** What pane options hold of a verdict, still as text. */
export interface StoredState {
  readonly state: string;
  readonly since: number;
  readonly progressAt: number;
  readonly witness: string;
  readonly question: string;
  readonly reason: string;
  readonly track: string;
}

/** A session of ours as tmux knows it now. */
export interface ObservedSession {
  /** tmux's own id, `$3`; empty when all that is left of it are panes that were moved away. */
  readonly key: string;
  readonly id: string;
  readonly name: string;
  readonly workspace: string;
  readonly engine: string;
  /** The engine client's context; undefined: its own current one. */
  readonly context: string | undefined;
  readonly layout: string;
  /** A `stop` has begun: nothing may be added any more. */
  readonly stopping: boolean;
  readonly createdAt: number;
  readonly attached: boolean;
  readonly panes: readonly ObservedPane[];
}

/** All of our sessions on one tmux server, found by their options and never by name. */
export interface ObservedServer {
  /** Pid and start time name the server; undefined when none runs. */
  readonly id: string | undefined;
  /** The monitor's heartbeat, `<pid> <start> <version> <ms>`, empty when there is none. */
  readonly monitor: string;
  readonly sessions: readonly ObservedSession[];
}

/** The command that lists everything of ours, for `observeServer` or as part of a larger batch. */
export const LISTING: readonly string[] = ['list-panes', '-a', '-F', formatFields(FIELDS)];

/**
 * The exit code of a dead pane from tmux's status and signal (128 + signal, as shells have it; tmux 3.3a gives its
 * number, later ones may give its name); null when tmux does not know.
 */
export function readExit(status: string, signal: string): number | null {
  if (status !== '') return Number(status);
  if (signal === '') return null;
  const number = /^\d+$/.test(signal)
    ? Number(signal)
    : constants.signals[(signal.startsWith('SIG') ? signal : `SIG${signal}`) as NodeJS.Signals];
  return number === undefined ? null : 128 + number;
}

/**
 * A server before 3.5 can lose the news of a death; running anything makes it look again (tried on 3.3a: 86 of 86
 * lost ones came back). In the background, then a delay: a `run-shell` that waits for its command can wait for ever
 * when that death is the lost one.
 */
export const POKE: readonly (readonly string[])[] = [
  ['run-shell', '-b', 'true'],
  ['run-shell', '-d', '0.05'],
];

/** Looks at everything in one tmux call. No server means no sessions. Throws TMUX_MISSING, TMUX_FAILED. */
export async function observeServer(tmux: TmuxClient): Promise<ObservedServer> {
  const answer = await tmux.run(LISTING);
  if (!answer.ok) {
    if (answer.failure === 'no-server') return { id: undefined, monitor: '', sessions: [] };
    throw describeFailure('list-panes', answer.stderr);
  }
  const server = decodeServer(answer.stdout);
  if (!hasUnknownExit(server)) return server;
  const again = await tmux.run([...POKE.flatMap((command) => [...command, ';']), ...LISTING]);
  return again.ok ? decodeServer(again.stdout) : server;
}

/** Whether a pane is dead and tmux does not know yet how it ended. */
export function hasUnknownExit(server: ObservedServer): boolean {
  return server.sessions.some(({ panes }) => panes.some((pane) => pane.dead && pane.exit === null));
}

/** Decodes the listing of `observeServer`. */
export function decodeServer(output: string): ObservedServer {
  const rows = parseRows(FIELDS, output);
  const first = rows[0];
  const sessions = new Map<string, ObservedSession & { readonly panes: ObservedPane[] }>();
  for (const row of keepHomeRows(rows)) {
    const id = findHome(row);
    let session = sessions.get(id);
    if (!session) {
      session = decodeSession(row);
      sessions.set(id, session);
    }
    session.panes.push(decodePane(row));
  }
  for (const session of sessions.values()) session.panes.sort((a, b) => a.index - b.index);
  return {
    id: first ? `${first.serverPid}-${first.serverStart}` : undefined,
    monitor: first?.monitor ?? '',
    sessions: [...sessions.values()].sort((a, b) => a.createdAt - b.createdAt),
  };
}

/** The session that the pane was started in; panes that came before `@adr_home` have only the one they are in. */
function findHome(row: Row<typeof FIELDS>): string {
  return row.home === '' ? row.sessionId : row.home;
}

/** One row a pane of ours, those in their own session first. A pane in a linked window is listed more than once. */
function keepHomeRows(rows: readonly Row<typeof FIELDS>[]): readonly Row<typeof FIELDS>[] {
  const ours = rows.filter((row) => row.agent !== '' && findHome(row) !== '');
  const isAway = (row: Row<typeof FIELDS>): boolean => findHome(row) !== row.sessionId;
  const sorted = [...ours.filter((row) => !isAway(row)), ...ours.filter(isAway)];
  const seen = new Set<string>();
  return sorted.filter(({ pane }) => !seen.has(pane) && seen.add(pane));
}

function decodeSession(row: Row<typeof FIELDS>): ObservedSession & { readonly panes: ObservedPane[] } {
  return {
    key: findHome(row) === row.sessionId ? row.sessionKey : '',
    id: findHome(row),
    name: row.session,
    workspace: decodeText(row.workspace),
    engine: row.engine,
    context: row.context === '' ? undefined : decodeText(row.context),
    layout: row.layout,
    stopping: row.stopping !== '',
    createdAt: Number(row.createdAt),
    attached: row.attached !== '0',
    panes: [],
  };
}

function decodePane(row: Row<typeof FIELDS>): ObservedPane {
  return {
    pane: row.pane,
    pid: Number(row.panePid),
    agent: row.agent,
    type: row.type,
    index: Number(row.index),
    run: row.run,
    workspace: decodeText(row.directory === '' ? row.workspace : row.directory),
    startedAt: Number(row.startedAt === '' ? row.createdAt : row.startedAt),
    reports: row.reports !== 'off',
    ports: decodePorts(row.ports),
    away: findHome(row) !== row.sessionId,
    dead: row.dead === '1',
    ending: row.ending !== '' && row.ending === row.run,
    exit: readExit(row.exit, row.signal),
    size: `${row.width}x${row.height}`,
    inMode: row.inMode !== '0' && row.inMode !== '',
    cursor: { x: Number(row.cursorX), y: Number(row.cursorY) },
    title: row.title,
    answeredAt: readAnswered(row.answeredAt, row.run),
    stored:
      row.state === ''
        ? undefined
        : {
            state: row.state,
            since: Number(row.since),
            progressAt: Number(row.progressAt),
            witness: row.witness,
            question: row.question,
            reason: row.reason,
            track: row.track,
          },
  };
}

/** `<run> <ms>`. */
function readAnswered(stored: string, run: string): number | undefined {
  const [of, at] = stored.split(' ');
  return run !== '' && of === run && Number(at) > 0 ? Number(at) : undefined;
}

/** `8080:3000,9000:9000`, host first. */
export function encodePorts(ports: readonly OpenPort[]): string {
  return ports.map(({ host, container }) => `${host}:${container}`).join(',');
}

function decodePorts(stored: string): readonly OpenPort[] {
  return [...stored.matchAll(/(\d+):(\d+)/g)].map(([, host, container]) => ({
    host: Number(host),
    container: Number(container),
  }));
}

/** Texts are stored as one line of JSON, so that neither a tab nor a line break can break a listing. */
export function encodeText(text: string): string {
  return JSON.stringify(text);
}

/** The text that `encodeText` stored; what is not such a line is returned as it is. */
export function decodeText(stored: string): string {
  try {
    const value: unknown = JSON.parse(stored);
    return typeof value === 'string' ? value : stored;
  } catch {
    return stored;
  }
}
