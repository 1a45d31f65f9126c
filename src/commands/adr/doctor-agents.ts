import { join } from 'node:path';
import type { AgentType } from '../../agents/types.ts';
import { readOwnership } from '../../system/directories.ts';
import { describePath, readTextIfExists } from '../../system/files.ts';
import { findOnPath } from '../../system/find-on-path.ts';
import { findHome } from '../../system/paths.ts';
import type { DoctorTools, Finding } from './doctor.ts';

/** Files that hold a login and nothing else. */
const LOGIN = /(^|\/)(auth\.json|\.credentials\.json)$/;
/** Variables of an agent that are no keys. */
const NO_KEY = /(BASE_URL|MODEL|CONFIG.*|HOME)$/;
const VERSION_MS = 5000;

/** Agents on this host: their programs, what they can log in with, whether they may report. */
export async function checkAgents(tools: DoctorTools): Promise<readonly Finding[]> {
  const types = tools.types.filter(({ runs }) => runs !== 'host-only');
  const findings = await Promise.all(
    types.map(async (type) => [
      await checkProgram(type, tools),
      ...(await checkLogin(type, tools)),
      ...(await checkHooks(type, tools)),
    ]),
  );
  return findings.flat();
}

async function checkProgram({ name, binary, npm }: AgentType, tools: DoctorTools): Promise<Finding> {
  const path = await findOnPath(binary, tools.env);
  if (path === undefined) {
    const onHost = tools.env.ADR_ENGINE === 'host';
    const message = `${name}: not on this host${onHost ? '' : ' (containers bring their own)'}`;
    const fix = npm ? `npm install -g ${npm.name}` : `put "${binary}" on PATH`;
    return { area: 'agents', level: onHost ? 'warning' : 'note', message, ...(onHost ? { fix } : {}) };
  }
  const said = await tools.run(path, ['--version'], { env: tools.env, timeoutMs: VERSION_MS, input: '' });
  const version = /\d+\.\d+[\w.+-]*/.exec(said.stdout)?.[0];
  if (version !== undefined) return { area: 'agents', level: 'ok', message: `${name}: ${path} ${version}` };
  const message = `${name}: ${path} does not tell its version`;
  return { area: 'agents', level: 'warning', message, fix: `try it: ${binary} --version` };
}

async function checkLogin(type: AgentType, { env }: DoctorTools): Promise<readonly Finding[]> {
  const home = findHome(env);
  const files: string[] = [];
  const open: string[] = [];
  for (const { path, kind } of type.config) {
    if (kind !== 'file' || (await describePath(join(home, path))) !== 'file') continue;
    files.push(path);
    if (LOGIN.test(path) && ((await readOwnership(join(home, path))).mode & 0o077) !== 0) open.push(path);
  }
  const keys = type.forwardEnv.filter((name) => env[name] && !NO_KEY.test(name));
  return [
    describeLogin(type, files, keys),
    ...open.map(
      (path): Finding => ({
        area: 'agents',
        level: 'warning',
        message: `${type.name}: others can read ~/${path}`,
        fix: `chmod 600 ~/${path}`,
      }),
    ),
  ];
}

/** What an agent could log in with, from the names of files and variables alone. */
export function describeLogin(
  { name, binary, forwardEnv }: Pick<AgentType, 'name' | 'binary' | 'forwardEnv'>,
  files: readonly string[],
  keys: readonly string[],
): Finding {
  const logins = [...files.filter((path) => LOGIN.test(path)).map((path) => `~/${path}`), ...keys];
  if (logins.length > 0) {
    return { area: 'agents', level: 'ok', message: `${name}: credentials in ${logins.join(', ')}` };
  }
  const key = forwardEnv.find((variable) => /API_KEY$/.test(variable));
  const fix = `log in on this host (${binary})${key ? `, or export ${key}` : ''}`;
  if (files.length === 0) return { area: 'agents', level: 'note', message: `${name}: no credentials`, fix };
  const shown = files.map((path) => `~/${path}`).join(', ');
  return {
    area: 'agents',
    level: 'note',
    message: `${name}: no login, but a key may stand in ${shown}`,
    fix,
  };
}

/** How the agents' own settings switch hooks off. */
const HOOKS_OFF = [
  { file: '.claude/settings.json', off: /"disableAllHooks"\s*:\s*true/, fix: 'take "disableAllHooks" out' },
  {
    file: '.codex/config.toml',
    off: /^\s*(?:\[features\](?:\n(?!\s*\[).*)*?\n\s*hooks|features\.hooks)\s*=\s*false\b/m,
    fix: 'take "hooks = false" out',
  },
];

/** Where the user has switched hooks off, the agent cannot report and the screen decides alone. */
async function checkHooks(type: AgentType, { env }: DoctorTools): Promise<readonly Finding[]> {
  const own = HOOKS_OFF.filter(({ file }) => type.config.some(({ path }) => path === file));
  const findings = own.map(async ({ file, off, fix }): Promise<readonly Finding[]> => {
    const text = await readTextIfExists(join(findHome(env), file)).catch(() => undefined);
    if (!off.test(text ?? '')) return [];
    const message = `${type.name}: hooks are off in ~/${file}: its state is read from the screen alone`;
    return [{ area: 'agents', level: 'note', message, fix }];
  });
  return (await Promise.all(findings)).flat();
}
