/** One thing a turn does, in order. `ms` may be Infinity. */
export type Step =
  | { readonly kind: 'think'; readonly ms: number }
  | { readonly kind: 'retry'; readonly attempt: number; readonly of: number; readonly ms: number }
  | { readonly kind: 'ask'; readonly command: string }
  | { readonly kind: 'tool'; readonly input: string; readonly ms: number }
  | { readonly kind: 'say'; readonly text: string; readonly ms: number }
  | { readonly kind: 'fail'; readonly message: string }
  | { readonly kind: 'exit'; readonly code: number };

export interface Pace {
  /** From the prompt to the first word. */
  readonly thinkMs: number;
  /** Between two words of a reply. */
  readonly wordMs: number;
}

const longestReplyMs = 3000;

const commands: readonly (readonly [usage: string, meaning: string])[] = [
  ['/ask COMMAND', 'asks before it "runs" a command'],
  ['/tool SECONDS', 'a command that takes so long'],
  ['/slow', 'a slow answer, word by word'],
  ['/hang', 'a model that never answers'],
  ['/retry [TIMES]', 'waits out a busy server'],
  ['/error [TEXT]', 'a turn that fails'],
  ['/exit [CODE]', 'ends with an exit code'],
  ['/quit', 'ends'],
  ['/help', 'this list'],
];

const helpText = [
  'I am a pretend agent: no model, no keys, and I never run anything.',
  'Write anything and I say it back. To see more:',
  '',
  ...commands.map(([usage, meaning]) => `  ${usage.padEnd(16)}${meaning}`),
].join('\n');

/** What a prompt sets in motion. */
export function planTurn(prompt: string, pace: Pace): readonly Step[] {
  const [, command = '', rest = ''] = /^\/([a-z]+)(?:\s+([\s\S]*))?$/.exec(prompt) ?? [];
  const argument = rest.trim();
  switch (command) {
    case 'hang':
      return [{ kind: 'think', ms: Number.POSITIVE_INFINITY }];
    case 'slow':
      return [
        think(pace, 5),
        say('This answer takes its time, one word after the other, to the end.', pace, 8),
      ];
    case 'ask':
      return [think(pace, 0.5), { kind: 'ask', command: argument || 'npm test' }];
    case 'tool':
      return planTool(Math.max(0, Number(argument) || 0), pace);
    case 'retry':
      return planRetry(Math.min(20, Math.max(1, Math.trunc(Number(argument)) || 3)), pace);
    case 'error':
      return [think(pace, 0.5), { kind: 'fail', message: argument || '401 invalid key' }];
    case 'exit':
      return [{ kind: 'exit', code: readExitCode(argument) }];
    case 'quit':
      return [{ kind: 'exit', code: 0 }];
    case 'help':
      return [{ kind: 'say', text: helpText, ms: 0 }];
    default:
      return [think(pace, 1), say(`You said: ${prompt}`, pace, 1)];
  }
}

/** What follows the answer to a question. */
export function planAnswer(command: string, yes: boolean, pace: Pace): readonly Step[] {
  if (!yes) return [say(`You chose No, so I left \`${command}\` alone.`, pace, 1)];
  return [
    { kind: 'tool', input: command, ms: pace.thinkMs },
    say(`You chose Yes, so I pretended to run \`${command}\`.`, pace, 1),
  ];
}

/** How much of a reply is out after so long: whole words, all of it at the end. */
export function cutReply(text: string, ms: number, elapsed: number): string {
  if (elapsed >= ms) return text;
  const words = countWords(text);
  const shown = Math.floor((elapsed / ms) * words) + 1;
  const pattern = /\s*\S+/gu;
  for (let word = 0; word < shown; word += 1) pattern.test(text);
  return text.slice(0, pattern.lastIndex || text.length);
}

function planTool(seconds: number, pace: Pace): readonly Step[] {
  return [
    think(pace, 0.5),
    { kind: 'tool', input: `sleep ${seconds}`, ms: seconds * 1000 },
    say(`The command took ${seconds}s. It was only pretended.`, pace, 1),
  ];
}

function planRetry(times: number, pace: Pace): readonly Step[] {
  const attempts = Array.from(
    { length: times },
    (_, index): Step => ({ kind: 'retry', attempt: index + 1, of: times, ms: pace.thinkMs * 2 }),
  );
  return [think(pace, 0.5), ...attempts, say('The server is back.', pace, 1)];
}

function think(pace: Pace, times: number): Step {
  return { kind: 'think', ms: pace.thinkMs * times };
}

function say(text: string, pace: Pace, times: number): Step {
  return { kind: 'say', text, ms: Math.min(countWords(text) * pace.wordMs, longestReplyMs) * times };
}

function countWords(text: string): number {
  return text.match(/\S+/gu)?.length ?? 0;
}

function readExitCode(argument: string): number {
  const code = Number(argument || '0');
  return Number.isInteger(code) && code >= 0 && code <= 255 ? code : 1;
}
