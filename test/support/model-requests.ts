/** What an agent's request to its model says, whichever of the three protocols it speaks. */
export type Protocol = 'chat' | 'responses' | 'messages';

/** A tool the model may call, with the names of its parameters. */
export type OfferedTool = { name: string; parameters: string[] };

/** The parts of a model request that tests and scenarios look at. */
export type ModelTurn = {
  protocol: Protocol;
  /** Every text the user (or the agent in the user's name) wrote, in order, injected context left out. */
  userTexts: string[];
  /** Results of the tool calls made since the last user text. */
  toolResults: string[];
  tools: OfferedTool[];
  /** Where claude in plan mode wants its plan written. */
  planFile: string | undefined;
  stream: boolean;
};

/** Reads a request body, or gives undefined when the path is none of the three protocols. */
export function readTurn(path: string, body: unknown): ModelTurn | undefined {
  const protocol = protocolOf(path);
  if (!protocol || !isObject(body)) return undefined;
  const entries = protocol === 'responses' ? responsesEntries(body) : messageEntries(body);
  const lastUser = entries.findLastIndex((entry) => entry.kind === 'user');
  return {
    protocol,
    userTexts: entries.filter((entry) => entry.kind === 'user').map((entry) => entry.text),
    toolResults: entries.slice(lastUser + 1).map((entry) => entry.text),
    tools: list(body.tools)
      .map(readTool)
      .filter((tool) => tool.name !== ''),
    planFile: findPlanFile(JSON.stringify(body.messages ?? '')),
    stream: body.stream === true,
  };
}

/** From the folder's name outwards: a pattern over the whole would be quadratic in prompts without a blank. */
function findPlanFile(text: string): string | undefined {
  const at = text.indexOf('/.claude/plans/');
  if (at === -1) return undefined;
  const around = text.slice(Math.max(0, at - 500), at + 500);
  return /[^\s"'`]+\/\.claude\/plans\/[^\s"'`]+\.md/.exec(around)?.[0];
}

type Entry = { kind: 'user' | 'tool'; text: string };

function protocolOf(path: string): Protocol | undefined {
  const { pathname } = new URL(path, 'http://model');
  if (pathname.endsWith('/chat/completions')) return 'chat';
  if (pathname.endsWith('/responses')) return 'responses';
  if (pathname.endsWith('/messages')) return 'messages';
  return undefined;
}

function messageEntries(body: Record<string, unknown>): Entry[] {
  return list(body.messages).flatMap((message): Entry[] => {
    if (!isObject(message)) return [];
    if (message.role === 'tool') return [{ kind: 'tool', text: joined(message.content) }];
    if (message.role !== 'user') return [];
    const results = list(message.content).filter((part) => isObject(part) && part.type === 'tool_result');
    const tools = results.map(
      (part): Entry => ({ kind: 'tool', text: isObject(part) ? joined(part.content) : '' }),
    );
    return [...tools, ...userEntries(message.content)];
  });
}

function responsesEntries(body: Record<string, unknown>): Entry[] {
  if (typeof body.input === 'string') return userEntries(body.input);
  return list(body.input).flatMap((item): Entry[] => {
    if (!isObject(item)) return [];
    if (item.type === 'function_call_output' || item.type === 'custom_tool_call_output') {
      return [{ kind: 'tool', text: joined(item.output) }];
    }
    return item.role === 'user' ? userEntries(item.content) : [];
  });
}

function userEntries(content: unknown): Entry[] {
  return parts(content)
    .filter((text) => !isInjected(text))
    .map((text) => ({ kind: 'user', text }));
}

/** Context that agents put into user messages themselves: each stands in a block of its own. */
function isInjected(text: string): boolean {
  return /^\s*(<(system-reminder|environment_context|user_instructions|INSTRUCTIONS|skills_instructions|turn_aborted|local-command-caveat|command-name|local-command-stdout|bash-input|bash-stdout)\b|# AGENTS\.md instructions)/.test(
    text,
  );
}

function readTool(tool: unknown): OfferedTool {
  if (!isObject(tool)) return { name: '', parameters: [] };
  const source = isObject(tool.function) ? tool.function : tool;
  const schema = source.parameters ?? source.input_schema;
  const properties = isObject(schema) && isObject(schema.properties) ? Object.keys(schema.properties) : [];
  return { name: typeof source.name === 'string' ? source.name : '', parameters: properties };
}

function joined(content: unknown): string {
  return parts(content).join('');
}

function parts(content: unknown): string[] {
  if (typeof content === 'string') return [content];
  return list(content).flatMap((part) =>
    isObject(part) && typeof part.text === 'string' ? [part.text] : [],
  );
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
