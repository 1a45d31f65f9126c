import type { AgentType } from '../types.ts';

/** A file of a new agent folder. */
export interface StartFile {
  readonly name: string;
  readonly content: string;
}

/** The files of a new agent type of its own: everything is there to be changed, comments say how. */
export function writePlainStart(name: string): readonly StartFile[] {
  const agent = {
    '//': 'An agent type for adr and adr-tmux. README.md says what each key means; keys that start with // are comments.',
    title: name,
    command: name,
    '//image': { package: 'THE-NPM-PACKAGE', version: '1.0.0' },
    config: [`.${name}/settings.json`],
    env: [],
    interactive: ['{approvals}', ['--model', '{model}'], '{args}'],
    headless: ['--print', '{approvals}', ['--model', '{model}'], '{args}'],
    approvals: { never: [], ask: [] },
    whileRunning: 'queues',
    '//signs': {
      composer: { top: '^─{8,}$', bottom: '^─{8,}$', lead: '^> ?' },
      busy: [{ pattern: '^Working.*esc to interrupt', says: 'model', at: 'above' }],
    },
  };
  return [
    { name: 'agent.json', content: format(agent) },
    { name: 'Dockerfile', content: DOCKERFILE },
    { name: 'README.md', content: writeReadme(name) },
  ];
}

/** The files of a variant of a built-in type: its image, reporter and screen signs are that one's. */
export function writeVariantStart(name: string, base: AgentType): readonly StartFile[] {
  const agent = {
    '//': `A variant of ${base.name}: what is not said here is as there, its image too. README.md says what each key means.`,
    extends: base.name,
    title: `${base.title} (${name})`,
    arguments: [],
    config: ['...'],
    env: ['...'],
    setEnv: {},
  };
  return [
    { name: 'agent.json', content: format(agent) },
    { name: 'README.md', content: writeReadme(name) },
  ];
}

/** The same `agent.json` for a folder of another name. */
export function renameAgent(text: string, name: string): string {
  const fields = JSON.parse(text) as Record<string, unknown>;
  return format('name' in fields ? { ...fields, name } : fields);
}

function format(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

const DOCKERFILE = `# adr build hands in the base that the agents share, and "image" of agent.json as AGENT_PACKAGE and AGENT_VERSION.
ARG BASE_IMAGE=coding-agent/base:latest
FROM \${BASE_IMAGE}

ARG AGENT_PACKAGE
ARG AGENT_VERSION=latest
USER root
RUN export HOME=/tmp/build \\
 && npm install --global "\${AGENT_PACKAGE:?set image.package in agent.json}@\${AGENT_VERSION}" \\
 && rm -rf /tmp/*
USER node
`;

function writeReadme(name: string): string {
  return `# The agent type "${name}"

    adr build ${name}                       its image
    adr run ${name}                         one agent here
    adr-tmux start work --agent ${name}     one in a session
    adr agents                         whether these files are in order

agent.json:

- \`title\`: its name for people. \`command\`: its program, in the image and on the host.
- \`image\`: \`{"package", "version"}\` go to the Dockerfile as AGENT_PACKAGE and AGENT_VERSION; \`"none"\`: host only.
- \`config\`: what of your HOME enters the container: \`.tool/settings.json\` is a file, \`.tool/commands/\` a
  directory, \`{"path", "maxMegabytes", "required"}\` says more. Nothing else does.
- \`env\`: variables of yours that it gets (API keys). \`setEnv\`: variables it gets in containers, with values.
- \`interactive\`, \`headless\` (for --prompt), \`json\` (for --output json): the words behind the command. \`{args}\` is
  what stands after --, \`{approvals}\` the words of "approvals" for never or ask, \`{container}\` those of "container",
  in containers only. \`["--model", "{model}"]\` is left out when no model is given. A prompt comes by standard input
  unless you say \`{promptFile}\` or \`{prompt}\` (at most 128 KB, and everybody on the machine can read it in ps).
- \`splitModel\`: a model "a/b/c" is {provider} a and {model} b/c.
- \`whileRunning\`: a prompt sent while it works "queues" or "steers" the running turn.
- \`signs\`, or signs.json beside it: how its screen is read. Without them prompts are sent, but not confirmed.
- \`extends\` (pi, opencode, claude or codex): a variant of that one; \`arguments\` stand before your own, and "..." in a
  list keeps what it has. Without a Dockerfile it runs in that one's image.

With an entrypoint.sh here (and in the Dockerfile: COPY, ENTRYPOINT), the container's entrypoint starts the agent. It is
told by AGENT_HEADLESS=1, AGENT_PROMPT, AGENT_PROMPT_FILE, AGENT_MODEL, AGENT_PROVIDER, AGENT_APPROVALS,
AGENT_OUTPUT=json and AGENT_SHELL=1; what stands after -- are its arguments.
`;
}
