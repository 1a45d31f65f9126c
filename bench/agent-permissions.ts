import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** opencode asks before `rm` only: in the environment it is started with. */
export const ASK_FOR_RM = {
  OPENCODE_CONFIG_CONTENT: JSON.stringify({ permission: { bash: { 'rm *': 'ask' } } }),
};

/** What the other agents do by themselves: claude would ask before most commands. */
export async function allowAllButRm(workspace: string): Promise<void> {
  const permissions = { allow: ['Bash'], ask: ['Bash(rm:*)'] };
  await mkdir(join(workspace, '.claude'));
  await writeFile(join(workspace, '.claude/settings.json'), JSON.stringify({ permissions }));
}
