import { AdrError } from '../../errors.ts';
import { parseVersion, requireVersion } from '../../tmux/version.ts';
import type { DoctorTools, Finding } from './doctor.ts';

/** tmux: its version, and what agents would like of a server that runs. */
export async function checkTmux({ tmux }: DoctorTools): Promise<readonly Finding[]> {
  try {
    const answer = await tmux.run(['-V']);
    const version = parseVersion(answer.stdout);
    requireVersion(version);
    const level = version.number ? 'ok' : 'note';
    const findings: Finding[] = [{ area: 'tmux', level, message: `tmux ${version.text}` }];
    if (version.number && version.number.major === 3 && version.number.minor < 4) {
      findings.push({
        area: 'tmux',
        level: 'note',
        message: 'tmux before 3.4 can lose the exit code of a pane that ends',
        fix: 'adr looks twice; a newer tmux does not need it',
      });
    }
    return [...findings, ...(await checkServer(tmux))];
  } catch (error) {
    if (!(error instanceof AdrError)) throw error;
    const { message, hint } = error;
    return [{ area: 'tmux', level: 'error', message, ...(hint ? { fix: hint } : {}) }];
  }
}

const WISHES = [
  ['focus-events', 'on', 'agents do not see whether you look at them'],
  ['extended-keys', 'on', 'Shift+Enter and the like do not reach agents'],
] as const;

/** Options of the user's own server are never set by adr: they are his. */
async function checkServer(tmux: DoctorTools['tmux']): Promise<readonly Finding[]> {
  const answer = await tmux.run(['show-options', '-s']);
  if (!answer.ok) return [{ area: 'tmux', level: 'note', message: 'no tmux server runs yet' }];
  const options = new Map(
    answer.stdout.split('\n').map((line): [string, string] => {
      const [name = '', ...value] = line.split(' ');
      return [name, value.join(' ')];
    }),
  );
  return WISHES.filter(([name]) => (options.get(name) ?? 'off') === 'off').map(
    ([name, value, without]): Finding => ({
      area: 'tmux',
      level: 'note',
      message: `${name} is off: ${without}`,
      fix: `tmux set -s ${name} ${value} (and in ~/.tmux.conf)`,
    }),
  );
}
