import { isSameProcessAlive, readBootId, readPidNamespace, readStartTime } from '../system/process-table.ts';

/** Label names of DESIGN "A run"; commands select by them alone. */
export const LABELS = {
  managed: 'adr.managed',
  run: 'adr.run',
  type: 'adr.type',
  agent: 'adr.agent',
  session: 'adr.session',
  sessionId: 'adr.session-id',
  workspace: 'adr.workspace',
  createdAt: 'adr.created-at',
  version: 'adr.version',
  owner: 'adr.owner',
  /** Of a network: the state directory whose lock keeps it from being removed while a container is made for it. */
  state: 'adr.state',
} as const;

/** What a run is called, and by whom. */
export interface RunIdentity {
  /** 12 hex digits. */
  readonly run: string;
  readonly type: string;
  /** Name of the agent (instance). */
  readonly agent: string;
  readonly session: string | undefined;
  readonly sessionId: string | undefined;
  readonly workspace: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly version: string;
  readonly owner: Owner;
}

/** The process that owns a run and removes what is left of it. */
export interface Owner {
  readonly uid: number;
  readonly pid: number;
  /** Clock ticks since boot; empty where the system does not say. */
  readonly startTime: string;
  /** Boot and pid namespace: pids mean nothing elsewhere. */
  readonly boot: string;
}

/** This process as an owner. */
export function describeOwner(): Owner {
  return {
    uid: process.getuid?.() ?? 0,
    pid: process.pid,
    startTime: readStartTime(process.pid) ?? '',
    boot: readBoot(),
  };
}

/** `uid:pid:start time:boot`, as the label holds it. */
export function formatOwner(owner: Owner): string {
  return [owner.uid, owner.pid, owner.startTime, owner.boot].join(':');
}

/** The owner a label names; undefined when it does not have the form. */
export function parseOwner(text: string): Owner | undefined {
  const match = /^(\d+):(\d+):(\d*):(.*)$/.exec(text);
  if (!match) return undefined;
  const [, uid, pid, startTime = '', boot = ''] = match;
  return { uid: Number(uid), pid: Number(pid), startTime, boot };
}

/**
 * `alive`: the owner runs; `gone`: it does not; `elsewhere`: it belongs to another boot, another machine or another
 * pid namespace, where we cannot look.
 */
export function findOwnerState(owner: Owner): 'alive' | 'gone' | 'elsewhere' {
  if (owner.boot !== readBoot()) return 'elsewhere';
  return isSameProcessAlive(owner.pid, owner.startTime) ? 'alive' : 'gone';
}

/** A run's labels as `key=value`. */
export function buildLabels(identity: RunIdentity): readonly string[] {
  const values: readonly (readonly [string, string | undefined])[] = [
    [LABELS.managed, 'true'],
    [LABELS.run, identity.run],
    [LABELS.type, identity.type],
    [LABELS.agent, identity.agent],
    [LABELS.session, identity.session],
    [LABELS.sessionId, identity.sessionId],
    [LABELS.workspace, identity.workspace],
    [LABELS.createdAt, identity.createdAt],
    [LABELS.version, identity.version],
    [LABELS.owner, formatOwner(identity.owner)],
  ];
  return values.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
}

/** `adr-<session>-<agent>-<run>`, without the session where there is none. */
export function buildContainerName(identity: RunIdentity): string {
  const parts = [identity.session, identity.agent, identity.run].filter((part) => part !== undefined);
  return `adr-${parts.join('-')}`;
}

function readBoot(): string {
  return [readBootId(), readPidNamespace()].filter((part) => part !== '').join('/');
}
