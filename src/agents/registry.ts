import { claude } from './claude/claude.ts';
import { codex } from './codex/codex.ts';
import { demo } from './demo/demo.ts';
import { opencode } from './opencode/opencode.ts';
import { pi } from './pi/pi.ts';
import type { AgentType } from './types.ts';

/** The built-in agent types, in the order of every list and message. */
export const KNOWN_AGENT_TYPES: readonly AgentType[] = [pi, opencode, claude, codex, demo];

/** The agent type of that name; `types` holds the user's own beside the built-in ones where there are any. */
export function findAgentType(
  name: string,
  types: readonly AgentType[] = KNOWN_AGENT_TYPES,
): AgentType | undefined {
  return types.find((type) => type.name === name);
}
