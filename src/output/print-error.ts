import { AdrError } from '../errors.ts';

interface PrintErrorOptions {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** One JSON object on stdout instead of text on stderr. */
  readonly json: boolean;
  /** Stack traces too. */
  readonly debug: boolean;
}

/**
 * Prints a failure the one way both programs do and gives its exit code: `error: ...` and an indented hint on
 * stderr, or `{"v":1,"error":{...}}` on stdout in json modes. What is not an AdrError is a bug: exit code 1.
 */
export function printError(error: unknown, options: PrintErrorOptions): number {
  const known = error instanceof AdrError ? error : undefined;
  const message =
    known?.message ?? `internal error: ${error instanceof Error ? error.message : String(error)}`;
  const hint = known ? known.hint : 'this is a bug; --debug shows where';
  if (options.json) {
    const code = known?.code ?? 'UNEXPECTED';
    const details = known?.details ?? {};
    options.stdout.write(
      `${JSON.stringify({ v: 1, error: { code, message, hint: hint ?? null, details } })}\n`,
    );
  } else {
    options.stderr.write(`error: ${clean(message)}\n`);
    for (const line of hint?.split('\n') ?? []) options.stderr.write(`  ${clean(line)}\n`);
  }
  if (options.debug && error instanceof Error) options.stderr.write(`${describeStack(error)}\n`);
  return known?.exitCode ?? 1;
}

/** One line without control characters: messages quote what users and engines wrote. */
function clean(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}

function describeStack(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by: ${describeStack(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
