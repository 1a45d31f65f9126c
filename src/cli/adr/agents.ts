import { type AgentEntry, describeAgents, initAgent } from '../../commands/adr/agents.ts';
import { listImages } from '../../commands/adr/images.ts';
import { findAgentTypesDirectory, openAgentTypes } from '../../config/agent-types.ts';
import { AdrError } from '../../errors.ts';
import { abbreviateHome } from '../../system/paths.ts';
import type { CommandContext } from '../command.ts';
import { formatTable } from './format-table.ts';
import { openContainerEngine } from './open-engine.ts';

/** `adr agents`. What is wrong with a type is a warning: the others are still listed. */
export async function runAgents(context: CommandContext): Promise<number> {
  const { args, env, stdout, stderr } = context;
  const { types, broken } = await openAgentTypes(env).list();
  const engine = await openContainerEngine(context);
  const images = await listImages(engine, types).catch((error: unknown) => {
    if (!(error instanceof AdrError)) throw error;
    stderr.write(`warning: ${error.message}; what is built is not known\n`);
    return undefined;
  });
  const agents = describeAgents(types, images);
  if (args.flag('json')) {
    const problems = broken.map(({ name, error: { code, message, hint } }) => ({
      ...{ name, code, message, hint: hint ?? null },
    }));
    stdout.write(`${JSON.stringify({ v: 1, agents, broken: problems })}\n`);
    return 0;
  }
  for (const { error } of broken) {
    stderr.write(`warning: ${error.message}\n${error.hint ? `  ${error.hint}\n` : ''}`);
  }
  const header = ['TYPE', 'TITLE', 'VERSION', 'IMAGE', 'REPORTER', 'SIGNS', 'FROM'];
  stdout.write(
    formatTable(
      header,
      agents.map((agent) => [
        agent.name,
        agent.title,
        agent.version ?? '-',
        formatBuilt(agent),
        agent.reporter ? 'yes' : 'no',
        agent.signs,
        agent.folder === null ? 'built-in' : abbreviateHome(agent.folder, env),
      ]),
    ),
  );
  return 0;
}

function formatBuilt({ image, built }: AgentEntry): string {
  if (image === null) return '-';
  if (built === null) return '?';
  return built.length === 0 ? '(not built)' : built.join(', ');
}

/** `adr agents init`. */
export async function runAgentsInit({ args, env, stdout }: CommandContext): Promise<number> {
  const name = args.string('name') ?? '';
  const from = args.string('from');
  const types = openAgentTypes(env);
  const { folder, files } = await initAgent(types, findAgentTypesDirectory(env), name, from);
  if (args.flag('json')) {
    stdout.write(`${JSON.stringify({ v: 1, name, folder, files })}\n`);
    return 0;
  }
  const shown = abbreviateHome(folder, env);
  const next = files.includes('Dockerfile') ? `adr build ${name}` : `adr run ${name}`;
  stdout.write(`made ${shown}: ${files.join(', ')}\n\nedit: ${shown}/agent.json\nthen: ${next}\n`);
  return 0;
}
