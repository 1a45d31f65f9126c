import { AdrError } from '../../errors.ts';
import type { Launch, LaunchRequest } from '../types.ts';
import type { AgentDefinition } from './definition.ts';
import { buildPromptFile, LONGEST_WORD_BYTES, splitModel } from './launch.ts';

/**
 * What a container with an entrypoint of its own gets: the words after `--` as arguments, everything else by variables.
 * `script` is the entrypoint's text. Throws USAGE: a long prompt or JSON for a script that does not know how.
 */
export function prepareEntrypointLaunch(
  definition: AgentDefinition,
  script: string,
  request: LaunchRequest,
): Launch {
  const { prompt, mode } = request;
  const fits = prompt === undefined || Buffer.byteLength(prompt) <= LONGEST_WORD_BYTES;
  if (!fits) requireVariable(script, 'AGENT_PROMPT_FILE', 'the prompt is too long for a variable');
  if (mode === 'headless-json') requireVariable(script, 'AGENT_OUTPUT', '--output json is asked for');
  const { model, provider } = splitModel(definition, request.model);
  const files = buildPromptFile(prompt);
  const variables = {
    AGENT_HEADLESS: mode === 'interactive' ? undefined : '1',
    AGENT_PROMPT: fits ? prompt : undefined,
    AGENT_PROMPT_FILE: files[0] && `${request.assets}/${files[0].path}`,
    AGENT_OUTPUT: mode === 'headless-json' ? 'json' : undefined,
    AGENT_PROVIDER: provider,
    AGENT_MODEL: model,
    AGENT_APPROVALS: request.approvals,
  };
  const told = Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    argv: request.args,
    env: { ...definition.setEnv, ...Object.fromEntries(told) },
    stdin: undefined,
    assets: files,
    config: [],
  };
}

function requireVariable(script: string, name: string, why: string): void {
  if (script.includes(name)) return;
  throw new AdrError('USAGE', `${why}, and this agent's entrypoint.sh does not know ${name}`, {
    hint: `read $${name} in entrypoint.sh and build its image again`,
  });
}
