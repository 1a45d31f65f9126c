import type { AgentType, Launch, LaunchRequest, OwnSource, ScreenSigns } from '../types.ts';
import { type AgentDefinition, parseAgentDefinition } from './definition.ts';
import { prepareEntrypointLaunch } from './entrypoint.ts';
import { prepareTemplateLaunch } from './launch.ts';
import { parseSignsFile } from './signs.ts';

/** The texts of an agent folder's files; undefined: there is none. */
export interface OwnFiles {
  /** The folder itself. */
  readonly folder: string;
  readonly agent: string;
  readonly signs: string | undefined;
  readonly dockerfile: string | undefined;
  readonly entrypoint: string | undefined;
}

/**
 * The agent type that a folder defines. `builtIn` are those it may extend. Throws CONFIG_INVALID with file, field and
 * the valid choices.
 */
export function buildOwnType(name: string, files: OwnFiles, builtIn: readonly AgentType[]): AgentType {
  const file = `${files.folder}/agent.json`;
  const definition = parseAgentDefinition(files.agent, file, name, builtIn);
  const { base } = definition;
  const signs =
    files.signs === undefined
      ? definition.signs
      : parseSignsFile(files.signs, `${files.folder}/signs.json`, definition.signs);
  return {
    name,
    title: definition.title,
    binary: definition.command,
    runs: definition.runs,
    ...(definition.npm && { npm: definition.npm }),
    config: definition.config,
    forwardEnv: definition.env,
    whileRunning: definition.whileRunning,
    ...(base?.conversations && files.entrypoint === undefined && { conversations: base.conversations }),
    hasReporter: base?.hasReporter === true && files.entrypoint === undefined,
    signs,
    ...findSignsSource(signs, files, base),
    own: describeSource(definition, files),
    prepareLaunch: (request) => prepareOwnLaunch(definition, files, request),
    parseReport: (report) => base?.parseReport(report) ?? [],
  };
}

/** A built-in type whose screen the user's `signs.json` reads otherwise. Throws CONFIG_INVALID. */
export function overrideSigns(type: AgentType, text: string, file: string): AgentType {
  return { ...type, signs: parseSignsFile(text, file, type.signs), signsFrom: { file, base: type.signs } };
}

/** The file that changes the signs of the type that this one is made from. */
function findSignsSource(
  signs: ScreenSigns | undefined,
  { folder, signs: file }: OwnFiles,
  base: AgentType | undefined,
): Pick<AgentType, 'signsFrom'> {
  if (signs === undefined || signs === base?.signs) return {};
  const name = file === undefined ? 'agent.json' : 'signs.json';
  return { signsFrom: { file: `${folder}/${name}`, base: base?.signs } };
}

function describeSource({ base, configHome }: AgentDefinition, files: OwnFiles): OwnSource {
  const { dockerfile, entrypoint } = files;
  return {
    folder: files.folder,
    imageOf: dockerfile === undefined ? base?.name : undefined,
    dockerfile: dockerfile === undefined ? undefined : { usesBase: /\bBASE_IMAGE\b/.test(dockerfile) },
    entrypoint: entrypoint !== undefined,
    configHome,
  };
}

function prepareOwnLaunch(definition: AgentDefinition, files: OwnFiles, request: LaunchRequest): Launch {
  if (files.entrypoint !== undefined && request.place === 'container') {
    return prepareEntrypointLaunch(definition, files.entrypoint, request);
  }
  const { base } = definition;
  if (!base) return prepareTemplateLaunch(definition, `${files.folder}/agent.json`, request);
  const args = [...definition.arguments, ...request.args];
  const launch = base.prepareLaunch({ ...request, args });
  return {
    ...launch,
    argv: [definition.command, ...launch.argv.slice(1)],
    env: request.place === 'container' ? { ...launch.env, ...definition.setEnv } : launch.env,
  };
}
