import type { RunIdentity } from './labels.ts';

/** A variable of the container: its value stands in argv only when it can be no secret. */
export interface ContainerVariable {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
}

export interface BindMount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** A port of the container that this machine, and no other, can reach. */
export interface PublishedPort {
  readonly host: number;
  readonly container: number;
}

/** One hardened container, before any engine's way to say it. Numbers are bytes, CPUs, processes; 0: no limit. */
export interface ContainerSpec {
  readonly identity: RunIdentity;
  readonly image: string;
  readonly argv: readonly string[];
  readonly tty: boolean;
  /** Its stdin is attached. */
  readonly stdin: boolean;
  readonly workdir: string;
  readonly user: { readonly uid: number; readonly gid: number };
  readonly mounts: readonly BindMount[];
  readonly variables: readonly ContainerVariable[];
  readonly network: string;
  /** The host's own address gets the name `host.docker.internal`. */
  readonly hostGateway: boolean;
  readonly publish: readonly PublishedPort[];
  /** The root file system cannot be written; HOME is a volume of this name then, /tmp is in memory. */
  readonly homeVolume: string | undefined;
  /** The volume that then stands at `/mnt/agent-config-ro`; undefined: nothing is looked for there. */
  readonly configVolume: string | undefined;
  readonly memory: number;
  /** Memory and swap together; 0: no limit. */
  readonly memorySwap: number;
  readonly cpus: number;
  readonly pids: number;
}
