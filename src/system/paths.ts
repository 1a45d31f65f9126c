import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { escapeHidden } from './escape-hidden.ts';

/** Environment variables as Node gives them; passed in so that tests choose their own HOME. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The user's home directory: `HOME`, or what the passwd entry says; never a relative path. */
export function findHome(env: Environment): string {
  return takeAbsolute(env.HOME) ?? takeAbsolute(homedir()) ?? findPasswdHome();
}

/** Node's `homedir()` takes an empty HOME for an answer; a uid without an entry has none. */
function findPasswdHome(): string {
  try {
    return userInfo().homedir;
  } catch {
    return '/';
  }
}

/** Relative paths in HOME and XDG_* do not count (XDG Base Directory Specification). */
function takeAbsolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined;
}

/** `$XDG_STATE_HOME/adr`, by default `~/.local/state/adr`. Installers never touch it. */
export function findStateDirectory(env: Environment): string {
  return join(takeAbsolute(env.XDG_STATE_HOME) ?? join(findHome(env), '.local', 'state'), 'adr');
}

/** `$XDG_CONFIG_HOME/adr`, by default `~/.config/adr`. */
export function findConfigDirectory(env: Environment): string {
  return join(takeAbsolute(env.XDG_CONFIG_HOME) ?? join(findHome(env), '.config'), 'adr');
}

/** The directory of one run (`runs/<run>`): its reports, gone with the run. */
export function findRunDirectory(env: Environment, run: string): string {
  return join(findStateDirectory(env), 'runs', run);
}

/** The directory of a session's transcripts (`transcripts/<session-id>`), one in it for each agent; `session` may be left out. */
export function findTranscriptDirectory(env: Environment, session = ''): string {
  return join(findStateDirectory(env), 'transcripts', session);
}

/** The trees of agents (`work/<session-id>/<agent>`), which they can write. */
export function findWorkDirectory(env: Environment): string {
  return join(findStateDirectory(env), 'work');
}

/** What adr keeps of those trees (`trees/<session-id>/<agent>`), where no agent can write. */
export function findTreesDirectory(env: Environment): string {
  return join(findStateDirectory(env), 'trees');
}

/** A path for people: below HOME as `~/...`, and nothing in it that a terminal would obey. */
export function abbreviateHome(path: string, env: Environment): string {
  const home = findHome(env);
  if (path === home) return '~';
  return escapeHidden(path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path);
}
