import { isWritable, readOwnership, tryWriting } from '../../system/directories.ts';
import { describePath } from '../../system/files.ts';
import { findOnPath } from '../../system/find-on-path.ts';
import { abbreviateHome, type Environment, findStateDirectory } from '../../system/paths.ts';
import type { DoctorTools, Finding } from './doctor.ts';

/** Versions, locale, the programs that adr calls, its state directory, the terminal. */
export async function checkHost({ env, version, terminal }: DoctorTools): Promise<readonly Finding[]> {
  return [
    {
      area: 'adr',
      level: 'ok',
      message: `adr ${version}, Node ${process.versions.node}, ${process.platform} ${process.arch}`,
    },
    checkLocale(env),
    ...(await checkPrograms(env)),
    ...(await checkState(env)),
    ...checkTerminal(env, terminal),
  ];
}

/** Whether the locale that counts is one of UTF-8. */
export function checkLocale(env: Environment): Finding {
  const name = ['LC_ALL', 'LC_CTYPE', 'LANG'].find((variable) => env[variable]);
  const value = name === undefined ? '' : (env[name] ?? '');
  if (/utf-?8/i.test(value)) return { area: 'terminal', level: 'ok', message: `locale ${value}` };
  return {
    area: 'terminal',
    level: 'warning',
    message: `the locale is not UTF-8: ${name === undefined ? 'LANG is not set' : `${name} is "${value}"`}`,
    fix: 'export LANG=C.UTF-8',
  };
}

async function checkPrograms(env: Environment): Promise<readonly Finding[]> {
  const wanted = [
    ['flock', 'agents on this host cannot report what they do', 'install util-linux (Homebrew: flock)'],
    ['git', 'containers get no git identity', 'install git'],
  ] as const;
  return Promise.all(
    wanted.map(async ([program, without, fix]): Promise<Finding> => {
      const path = await findOnPath(program, env);
      if (path !== undefined) return { area: 'adr', level: 'ok', message: `${program}: ${path}` };
      return { area: 'adr', level: 'warning', message: `${program} is not on PATH: ${without}`, fix };
    }),
  );
}

async function checkState(env: Environment): Promise<readonly Finding[]> {
  const path = findStateDirectory(env);
  const shown = abbreviateHome(path, env);
  if ((await describePath(path)) === 'missing') return [];
  if (!(await isWritable(path))) {
    const fix = 'adr runs nothing without it: make it yours, or set XDG_STATE_HOME';
    return [{ area: 'adr', level: 'error', message: `${shown} is not writable`, fix }];
  }
  // A full disk and a used-up quota show only when something is written.
  const failure = await tryWriting(path);
  if (failure !== undefined) {
    const fix = 'make room there, or set XDG_STATE_HOME: adr runs nothing without it';
    return [{ area: 'adr', level: 'error', message: `nothing can be written to ${shown} (${failure})`, fix }];
  }
  const { mode } = await readOwnership(path);
  if ((mode & 0o022) === 0) return [{ area: 'adr', level: 'ok', message: `state in ${shown}` }];
  const message = `others can write to ${shown} (mode ${mode.toString(8)})`;
  return [{ area: 'adr', level: 'warning', message, fix: `chmod 700 ${shown}` }];
}

function checkTerminal(env: Environment, terminal: DoctorTools['terminal']): readonly Finding[] {
  if (!terminal) return [{ area: 'terminal', level: 'note', message: 'standard output is no terminal' }];
  const { columns, rows } = terminal;
  const findings: Finding[] = [
    { area: 'terminal', level: 'ok', message: `${env.TERM || 'unknown'} of ${columns}x${rows}` },
  ];
  if (!env.TERM || env.TERM === 'dumb') {
    findings.push({
      area: 'terminal',
      level: 'warning',
      message: 'TERM says that this terminal can do nothing',
      fix: 'export TERM=xterm-256color',
    });
  }
  if (!/truecolor|24bit/.test(env.COLORTERM ?? '')) {
    const fix = 'export COLORTERM=truecolor, if your terminal can';
    findings.push({ area: 'terminal', level: 'note', message: 'COLORTERM names no true colours', fix });
  }
  if (columns < 80 || rows < 24) {
    const message = `agents draw badly on less than 80x24`;
    findings.push({ area: 'terminal', level: 'note', message, fix: 'make the window larger' });
  }
  return findings;
}
