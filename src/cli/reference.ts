import { ADR } from './adr/definition.ts';
import type { Command, ProgramDefinition } from './command.ts';
import { renderCommandHelp, renderProgramHelp } from './help.ts';
import { ADR_TMUX } from './tmux/definition.ts';

/** The folders that hold a copy: the docs, and the skill that an agent reads. */
const FOLDERS = ['docs/reference', 'skills/adr-master/reference'];

/**
 * The files of the reference and what must stand in them, made from the tables that the programs run on.
 * `npm run docs` writes them, and a test compares, so that no page goes stale.
 */
export function listReferenceFiles(): readonly { readonly path: string; readonly text: string }[] {
  return [ADR, ADR_TMUX].flatMap((program) => {
    const text = renderReference(program);
    return FOLDERS.map((folder) => ({ path: `${folder}/${program.name}.md`, text }));
  });
}

function renderReference(program: ProgramDefinition): string {
  const shown = program.commands.filter((command) => !command.hidden);
  return [
    `# ${program.name}`,
    '',
    'Made from the program by `npm run docs`.',
    '',
    block(renderProgramHelp(program)),
    ...shown.map((command) => renderCommand(program, command)),
  ].join('\n');
}

function renderCommand(program: ProgramDefinition, command: Command): string {
  return ['', `## ${program.name} ${command.name}`, '', block(renderCommandHelp(program, command))].join(
    '\n',
  );
}

function block(text: string): string {
  return ['```text', text.trimEnd(), '```', ''].join('\n');
}
