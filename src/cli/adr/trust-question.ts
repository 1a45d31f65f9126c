import type { ConfirmTrust, UntrustedFile } from '../../config/check-trust.ts';
import { abbreviateHome, type Environment } from '../../system/paths.ts';
import { askYesNo } from '../ask.ts';
import type { CommandContext } from '../command.ts';

/** Shows on stderr what a project file wants and asks; undefined without a terminal on both stdin and stderr. */
export function makeConfirmTrust(
  context: Pick<CommandContext, 'stdin' | 'stdout' | 'stderr' | 'env'>,
): ConfirmTrust | undefined {
  if (!context.stderr.isTTY || !context.stdin.isTTY) return undefined;
  return async (file) => {
    context.stderr.write(formatUntrusted(file, context.env));
    return askYesNo('Trust this file as it stands?', false, context);
  };
}

/** The lines of a project file that its trust covers. */
export function formatUntrusted({ path, lines }: UntrustedFile, env: Environment): string {
  const width = Math.max(...lines.map(({ line }) => `${line}`.length));
  return [
    `${abbreviateHome(path, env)} sets what could widen what an agent may do:`,
    ...lines.map(({ line, text }) => `  line ${`${line}`.padStart(width)}: ${text}`),
    '',
  ].join('\n');
}
