import { join } from 'node:path';
import type { HostPlan } from '../../container/run-on-host.ts';
import { checkWorkspaceAccess } from '../../container/workspace.ts';
import { AdrError } from '../../errors.ts';
import { findOnPath } from '../../system/find-on-path.ts';
import { findPackageRoot } from '../../system/package-root.ts';
import type { PreparedRun } from './prepare-run.ts';

/** Turns a prepared run into one process on this host. Throws AGENT_NOT_INSTALLED, NO_TERMINAL, WORKSPACE_INVALID. */
export async function planHost(prepared: PreparedRun, terminal: boolean): Promise<HostPlan> {
  const { claimed, settings, identity } = prepared;
  const uid = process.getuid?.() ?? 0;
  const interactive = prepared.mode === 'interactive';
  if (interactive && !terminal) {
    throw new AdrError('NO_TERMINAL', 'an interactive agent needs a terminal', {
      hint: 'for one answer without a terminal: --prompt TEXT',
    });
  }
  if (uid !== 0) await checkWorkspaceAccess(identity.workspace, { uid, gid: process.getgid?.() ?? uid });
  const launch = prepared.launchAs(uid);
  const own = settings.env.map(({ name, value }): [string, string | undefined] => [
    name,
    value ?? claimed.env[name],
  ]);
  return {
    kind: 'host',
    identity,
    program: await findProgram(prepared),
    launch,
    env: { ...claimed.env, ...launch.env, ...Object.fromEntries(own), ADR_RUN_ID: identity.run },
    interactive,
    assets: join(claimed.directory, 'assets'),
    timeoutMs: prepared.timeoutMs,
  };
}

async function findProgram({ type, claimed }: PreparedRun): Promise<readonly string[]> {
  // Comes with adr itself.
  if (type.runs === 'host-only' && !type.own)
    return [process.execPath, join(findPackageRoot(), 'dist', 'demo-agent.js')];
  const found = await findOnPath(type.binary, claimed.env);
  if (found !== undefined) return [found];
  const hint = type.npm ? `npm install -g ${type.npm.name}` : `put "${type.binary}" on PATH`;
  throw new AdrError('AGENT_NOT_INSTALLED', `"${type.binary}" is not on PATH`, {
    hint: type.runs === 'host-only' ? hint : `${hint}; or run it in a container: --engine docker`,
  });
}
