import { resolve } from 'node:path';
import type { FlagValues } from '../../config/read-settings.ts';
import type { ConversationState } from '../../container/transcripts.ts';
import { findWorkspace } from '../../container/workspace.ts';
import { AdrError } from '../../errors.ts';
import { cleanPrompt } from '../../prompt/clean-prompt.ts';
import { type AgentSpec, parseAgentSpecs } from '../../session/agent-spec.ts';
import type { OpenPort } from '../../session/observed.ts';
import type { WishAgent, WishTree } from '../../session/wish.ts';
import { type AgentOptions, readAgentOptions } from './agent-options.ts';
import type { TmuxContext } from './context.ts';

/** An agent as it is to be started: everything the user said of it, read and in its place. */
export interface WantedAgent extends AgentSpec {
  /** Canonical path. */
  readonly workspace: string;
  /** Where relative paths in the options start. */
  readonly cwd: string;
  readonly options: FlagValues;
  readonly readOnly: boolean;
  readonly configFile?: string | undefined;
  readonly args: readonly string[];
  readonly prompt?: string | undefined;
  /** The conversation it goes on with. */
  readonly conversation?: string | undefined;
  /** It is to get a tree of its own. */
  readonly worktree?: boolean | undefined;
  /** It has one: `workspace` lies in that. */
  readonly tree?: WishTree | undefined;
}

/** What `start` and `add` are asked for. */
export interface AgentsRequest extends AgentOptions {
  /** `TYPE[:NAME][,key=value...]` */
  readonly agents: readonly string[];
}

/** What a run turned out to stand on when it was checked. */
export interface CheckedRun {
  readonly engine: string;
  /** The engine client's context. */
  readonly context: string | undefined;
  readonly reports: boolean;
  /** Ports of its container that will be open on this machine. */
  readonly ports: readonly OpenPort[];
  /** Whether the conversation of that id can be resumed; `kept`: where the session keeps this agent's. */
  readonly findConversation: (id: string, kept: string) => Promise<ConversationState>;
}

/** The engine that a run stands on. */
export type EnginePlace = Pick<CheckedRun, 'engine' | 'context'>;

/** Finds out, before anything is created, whether these agents could run at all; throws if not. One result an agent. */
export type CheckAgents = (agents: readonly WantedAgent[]) => Promise<readonly CheckedRun[]>;

/**
 * Reads the agents asked for, in order. `workspace` is where those work that name none; `taken` are the names the
 * session has. Throws USAGE, AGENT_TYPE_UNKNOWN, NAME_CONFLICT, WORKSPACE_INVALID.
 */
export async function resolveAgents(
  { cwd, types }: Pick<TmuxContext, 'cwd' | 'types'>,
  request: AgentsRequest,
  workspace: string,
  taken: readonly string[] = [],
): Promise<readonly WantedAgent[]> {
  const specs = parseAgentSpecs(request.agents, await types.listNames(), taken);
  return Promise.all(
    specs.map(async ({ type, name, fields }) => {
      const own = await readAgentOptions(name, fields, { ...request, workspace: undefined }, cwd);
      const { options, readOnly, configFile, args, prompt, worktree } = own;
      return {
        ...{ type, name, cwd, options, readOnly, configFile, args, worktree },
        workspace: own.workspace === undefined ? workspace : await findWorkspace(resolve(cwd, own.workspace)),
        prompt: prompt === undefined ? undefined : cleanPrompt(prompt),
      };
    }),
  );
}

/** The agent that a wish tells of; without its first prompt, which is sent once. */
export function readWanted(agent: WishAgent): WantedAgent {
  const { type, name, workspace, cwd, options, readOnly, configFile, args, tree } = agent;
  return { type, name, workspace, cwd, options: options as FlagValues, readOnly, configFile, args, tree };
}

/**
 * The one engine that the containers of a session stand on, and its context; `host` when it has none. Throws REFUSED
 * when they would stand on several: what is left of one could then not be found.
 */
export function chooseSessionEngine(checked: readonly EnginePlace[]): EnginePlace {
  const places = checked.filter(({ engine }) => engine !== 'host');
  const [first] = places;
  if (!first) return { engine: 'host', context: undefined };
  const other = places.find(({ engine, context }) => engine !== first.engine || context !== first.context);
  if (!other) return { engine: first.engine, context: first.context };
  const describe = ({ engine, context }: EnginePlace): string =>
    context === undefined ? `"${engine}"` : `"${engine}" (context "${context}")`;
  throw new AdrError(
    'REFUSED',
    `a session cannot have agents on ${describe(first)} and on ${describe(other)}`,
    {
      hint: 'give all of them one --engine and --context, or start two sessions',
    },
  );
}
