import type { Environment } from '../system/paths.ts';
import type { RunProcess } from '../system/process.ts';
import { Engine } from './engine.ts';

/** How an engine is found again: its client, and the variables that lead the client to it. None of them is a secret. */
export interface EngineAddress {
  readonly engine: 'docker' | 'podman';
  readonly client: Readonly<Record<string, string>>;
}

const CLIENT_VARIABLES = [
  ...['DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_CONFIG', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'],
  ...['CONTAINER_HOST', 'CONTAINER_CONNECTION', 'CONTAINER_SSHKEY'],
] as const;

/** The address of an engine that stands open. */
export function describeAddress({ program, env }: Pick<Engine, 'program' | 'env'>): EngineAddress {
  const entries = CLIENT_VARIABLES.flatMap((name) => {
    const value = env[name];
    return value ? [[name, value] as const] : [];
  });
  return { engine: program, client: Object.fromEntries(entries) };
}

/** The engine at an address, whatever the environment itself would lead to. */
export function openAddress(address: EngineAddress, run: RunProcess, env: Environment): Engine {
  const rest = Object.entries(env).filter(
    ([name]) => !(CLIENT_VARIABLES as readonly string[]).includes(name),
  );
  return new Engine({
    program: address.engine,
    run,
    env: { ...Object.fromEntries(rest), ...address.client },
  });
}

/** The address that was noted as the two parts; undefined: not of a container engine, or not noted. */
export function parseAddress(engine: unknown, client: unknown): EngineAddress | undefined {
  if ((engine !== 'docker' && engine !== 'podman') || typeof client !== 'object' || client === null)
    return undefined;
  const known = CLIENT_VARIABLES.flatMap((name) => {
    const value = (client as Readonly<Record<string, unknown>>)[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return { engine, client: Object.fromEntries(known) };
}

/** Two addresses with the same text are one engine. */
export function formatAddress({ engine, client }: EngineAddress): string {
  const parts = Object.entries(client).map(([name, value]) => `${name}=${value}`);
  return [engine, ...parts.sort()].join(' ');
}
