import { AdrError } from '../errors.ts';

/** Why a tmux command failed, as far as its words tell (tmux 3.2 to 3.7). */
export type TmuxFailure = 'no-server' | 'not-found' | 'duplicate' | 'no-space' | 'in-the-way' | 'other';

/** Classifies what tmux printed on stderr. A server that is starting or ending has no session: no current target (3.3a). */
export function classifyFailure(stderr: string): TmuxFailure {
  if (
    /no server running|error connecting to|server exited unexpectedly|lost server|no current target/.test(
      stderr,
    )
  )
    return 'no-server';
  if (/can't find (session|window|pane)|no such (session|window|pane)|session not found/.test(stderr))
    return 'not-found';
  if (/duplicate session/.test(stderr)) return 'duplicate';
  if (/no space for new pane|pane too small|size (?:missing|invalid)/.test(stderr)) return 'no-space';
  if (/already set/.test(stderr)) return 'in-the-way';
  return 'other';
}

/** The error for a tmux that answered what we did not expect. */
export function describeFailure(command: string, stderr: string): AdrError {
  const said = stderr.trim().split('\n')[0] ?? '';
  return new AdrError('TMUX_FAILED', `tmux ${command} failed: "${said}"`, {
    hint: 'run "tmux -V" to see that tmux itself works',
    details: { stderr: stderr.trim() },
  });
}
