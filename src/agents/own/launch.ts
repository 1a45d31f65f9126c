import { AdrError } from '../../errors.ts';
import type { Launch, LaunchFile, LaunchRequest } from '../types.ts';
import type { AgentDefinition } from './definition.ts';
import { fillTemplate, type Template, usesPlaceholder } from './template.ts';

/** What Linux takes as one word or one variable, less what stands beside the prompt in it. */
export const LONGEST_WORD_BYTES = 130_000;
const PROMPT_FILE = 'prompt.txt';

/** The command line of a type by its templates. Throws USAGE: a mode, a model or a prompt that it cannot take. */
export function prepareTemplateLaunch(
  definition: AgentDefinition,
  file: string,
  request: LaunchRequest,
): Launch {
  const template = chooseTemplate(definition, file, request);
  const takes = (name: Parameters<typeof usesPlaceholder>[1]) => usesPlaceholder(template, name);
  if (request.model !== undefined && !takes('model') && !takes('provider')) {
    throw new AdrError('USAGE', `the agent type "${definition.name}" takes no model on this command line`, {
      hint: `use "{model}" in ${file}, or leave --model out`,
    });
  }
  if (takes('prompt')) checkPromptLength(definition.name, file, request.prompt);
  const argv = fillTemplate(
    template,
    {
      prompt: request.prompt,
      promptFile: request.prompt === undefined ? undefined : `${request.assets}/${PROMPT_FILE}`,
      ...splitModel(definition, request.model),
      workspace: request.workspace,
      home: request.home,
    },
    {
      args: request.args,
      approvals: definition.approvals[request.approvals],
      container: request.place === 'container' ? definition.container : [],
    },
  );
  const handed = takes('prompt') || takes('promptFile');
  return {
    argv: [definition.command, ...argv],
    env: request.place === 'container' ? definition.setEnv : {},
    stdin: request.mode === 'interactive' || handed ? undefined : request.prompt,
    assets: takes('promptFile') ? buildPromptFile(request.prompt) : [],
    config: [],
  };
}

function chooseTemplate(definition: AgentDefinition, file: string, request: LaunchRequest): Template {
  if (request.mode === 'interactive') return definition.interactive;
  const key = request.mode === 'headless' ? 'headless' : 'json';
  const template = definition[key];
  if (template) return template;
  throw new AdrError(
    'USAGE',
    `the agent type "${definition.name}" has no command line for ${key === 'json' ? '--output json' : '--prompt'}`,
    { hint: `give it one: "${key}" in ${file}` },
  );
}

function checkPromptLength(name: string, file: string, prompt: string | undefined): void {
  if (prompt === undefined || Buffer.byteLength(prompt) <= LONGEST_WORD_BYTES) return;
  throw new AdrError('USAGE', `the prompt is too long for the command line of "${name}"`, {
    hint: `in ${file}, use "{promptFile}" instead of "{prompt}", or neither: then it comes by standard input`,
  });
}

/** The prompt as a file of the run; none for an interactive one. */
export function buildPromptFile(prompt: string | undefined): readonly LaunchFile[] {
  return prompt === undefined ? [] : [{ path: PROMPT_FILE, content: prompt }];
}

/** Model and provider; `provider/model` is split at its first slash where the type wants that. */
export function splitModel(
  definition: Pick<AgentDefinition, 'splitModel'>,
  model: string | undefined,
): { readonly model: string | undefined; readonly provider: string | undefined } {
  const slash = model?.indexOf('/') ?? -1;
  if (!definition.splitModel || model === undefined || slash <= 0) return { model, provider: undefined };
  return { provider: model.slice(0, slash), model: model.slice(slash + 1) };
}
