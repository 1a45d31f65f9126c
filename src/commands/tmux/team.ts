import { dirname, resolve } from 'node:path';
import { AdrError } from '../../errors.ts';
import { formatSpec } from '../../session/spec-fields.ts';
import { readTextIfExists } from '../../system/files.ts';
import { mergeOptions, readAgentOptions } from './agent-options.ts';
import type { TmuxContext } from './context.ts';
import { parseTeam, type Team } from './parse-team.ts';
import type { AgentsRequest } from './wanted-agents.ts';

/** A session as a team file describes it; `cwd` is where its relative paths start. */
export interface TeamRequest extends AgentsRequest {
  readonly file: string;
  readonly cwd: string;
  readonly name?: string | undefined;
  readonly layout?: string | undefined;
}

const MAX_BYTES = 1024 * 1024;

/** Reads a team file. Paths in it are taken from where it stands. Throws USAGE, CONFIG_INVALID. */
export async function readTeam({ cwd }: Pick<TmuxContext, 'cwd'>, path: string): Promise<TeamRequest> {
  const file = resolve(cwd, path);
  const team = parseTeam(await readFile(file, path), path);
  const base = dirname(file);
  const shared = await readShared(team, base);
  return {
    ...shared,
    file,
    cwd: base,
    name: team.name,
    layout: team.layout,
    workspace: resolve(base, team.workspace ?? '.'),
    agents: team.agents.map(({ type, name, fields }) =>
      formatSpec(name === undefined ? type : `${type}:${name}`, fields),
    ),
  };
}

/** What stands on the command line wins over the file; its agents come after the file's. */
export function mergeRequests(team: TeamRequest, given: AgentsRequest): AgentsRequest {
  return {
    agents: [...team.agents, ...given.agents],
    workspace: given.workspace ?? team.workspace,
    options: mergeOptions(team.options, given.options),
    readOnly: given.readOnly || team.readOnly,
    configFile: given.configFile ?? team.configFile,
    args: [...team.args, ...given.args],
    prompt: given.prompt ?? team.prompt,
    worktree: given.worktree ?? team.worktree,
  };
}

async function readShared(team: Team, cwd: string): Promise<Omit<AgentsRequest, 'agents'>> {
  const nothing = { options: {}, readOnly: false, args: [] };
  return readAgentOptions('all', team.shared, nothing, cwd);
}

async function readFile(file: string, path: string): Promise<string> {
  const hint = 'check --file';
  const text = await readTextIfExists(file).catch((cause: unknown) => {
    throw new AdrError('USAGE', `cannot read "${path}"`, { hint, cause });
  });
  if (text === undefined) throw new AdrError('USAGE', `no file "${path}"`, { hint });
  if (Buffer.byteLength(text) <= MAX_BYTES) return text;
  throw new AdrError('USAGE', `"${path}" is too big for a team file`, { hint });
}
