import { basename, join } from 'node:path';
import type { AgentType } from '../agents/types.ts';
import { AdrError } from '../errors.ts';
import { describePath } from '../system/files.ts';
import type { ConfigFile } from './config-files.ts';
import { CONTAINER_HOME } from './home-archive.ts';

/** All that could bring a login into a container. */
export interface LoginFacts {
  readonly type: Pick<AgentType, 'name' | 'title' | 'needsLogin' | 'forwardEnv' | 'config'>;
  /** The user's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The configuration that enters the container. */
  readonly config: readonly ConfigFile[];
  /** Names of variables the image brings. */
  readonly imageVariables: readonly string[];
  /** The user gave something that adr does not look into: an image, variables, a directory, words for the agent. */
  readonly gaveMore: boolean;
  /** Where the user's own mounts stand in the container. */
  readonly mountTargets: readonly string[];
  /** The workspace has configuration of the agent. */
  readonly workspaceConfigures: boolean;
}

/** Files that hold a login and nothing else. */
const LOGIN_FILE = /(^|\/)(auth\.json|\.credentials\.json)$/;
const SETTINGS_FILE = /\.(json|jsonc|toml)$/;
/** Extensions can bring providers of their own. */
const CODE_FOLDER = /(^|\/)(extensions|plugins?)\//;
/** Words in settings that may stand for a key, for something that gets one, or for a model that needs none. */
const MAY_LOG_IN =
  /key|token|auth|url|secret|helper|credential|password|"env"|(?<!"default)provider|oss|bedrock|vertex|account|package|extension|plugin/i;
const KEY_VARIABLE = /KEY|TOKEN|AUTH|SECRET|CREDENTIAL|PASSWORD|_URL|BEDROCK|VERTEX|FOUNDRY|^AWS_|^GOOGLE_/;

/**
 * The failure (AUTH_REQUIRED) of an agent that certainly cannot log in; undefined: it can, it needs no login, or
 * nobody can tell.
 */
export function findMissingLogin(facts: LoginFacts): AdrError | undefined {
  const { type, env, config } = facts;
  const { needsLogin } = type;
  if (!needsLogin || facts.gaveMore || facts.workspaceConfigures) return undefined;
  if (type.forwardEnv.some((name) => env[name])) return undefined;
  if (facts.imageVariables.some((name) => KEY_VARIABLE.test(name))) return undefined;
  if (facts.mountTargets.some((target) => isAround(target, CONTAINER_HOME))) return undefined;
  if (config.some(mayLogIn)) return undefined;
  const logins = type.config.map(({ path }) => path).filter((path) => LOGIN_FILE.test(path));
  return new AdrError('AUTH_REQUIRED', `${type.title} has nothing to log in with: no login, no API key`, {
    hint: `log in on this host: ${needsLogin.command}; or export ${needsLogin.key}`,
    details: { type: type.name, files: logins.map((path) => `~/${path}`), variables: type.forwardEnv },
  });
}

function mayLogIn({ path, content }: ConfigFile): boolean {
  const text = content.toString('utf8');
  if (LOGIN_FILE.test(path)) return !/^\s*(\{\s*\})?\s*$/.test(text);
  return CODE_FOLDER.test(path) || (SETTINGS_FILE.test(path) && MAY_LOG_IN.test(text));
}

/** One of the two paths holds the other. */
function isAround(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(one === '/' ? one : `${one}/`);
}

/** The workspace has a folder of settings for the agent, which may name a key or a provider of its own. */
export async function hasWorkspaceConfig(
  { configHome }: Pick<AgentType, 'configHome'>,
  workspace: string,
): Promise<boolean> {
  if (configHome === undefined) return false;
  return (await describePath(join(workspace, basename(configHome)))) !== 'missing';
}
