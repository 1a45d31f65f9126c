import { describe, expect, test } from 'vitest';
import { advance } from '../../../src/demo-agent/advance.ts';
import { layoutComposer, readComposer } from '../../../src/demo-agent/composer.ts';
import type { Key, KeyName } from '../../../src/demo-agent/keys.ts';
import { pressKey } from '../../../src/demo-agent/press.ts';
import { createState, type DemoState, type Effect } from '../../../src/demo-agent/state.ts';

const pace = { thinkMs: 1000, wordMs: 50 };

/** Drives the pure core as the terminal edge does, with a clock of its own. */
class Agent {
  now = 0;
  state: DemoState = createState({ pace, approvals: 'ask', workspace: '~/work', readyAt: 0 });
  effects: Effect[] = [];

  constructor(options: Partial<Pick<DemoState, 'approvals' | 'readyAt'>> = {}) {
    this.state = { ...this.state, ...options };
    this.wait(0);
  }

  wait(ms: number): this {
    this.now += ms;
    const change = advance(this.state, this.now);
    this.state = change.state;
    this.effects.push(...change.effects);
    return this;
  }

  key(key: Key): this {
    const change = pressKey(this.state, key, this.now);
    this.state = change.state;
    this.effects.push(...change.effects);
    return this.wait(0);
  }

  type(text: string): this {
    return this.key({ kind: 'text', text });
  }

  paste(text: string): this {
    return this.key({ kind: 'paste', text });
  }

  press(...names: readonly KeyName[]): this {
    for (const name of names) this.key({ kind: 'press', name });
    return this;
  }

  send(text: string): this {
    return this.paste(text).press('enter');
  }

  get reports(): readonly unknown[] {
    return this.effects.flatMap((effect) => (effect.kind === 'report' ? [effect.report] : []));
  }

  get events(): readonly string[] {
    return this.effects.map((effect) => (effect.kind === 'report' ? effect.report.event : 'EXIT'));
  }

  get prompt(): string {
    return readComposer(this.state.composer);
  }
}

describe('editing', () => {
  test('keeps a multi-line paste exact, also with wide and combining characters', () => {
    const text = 'one\n\n\tzwei 日本語 👩‍👩‍👧 é\n  three ';
    expect(new Agent().paste(text).prompt).toBe(text);
  });

  test('Backspace takes what a reader sees as one character', () => {
    const agent = new Agent().type('a👩‍👩‍👧').type('e').type('\u0301').press('backspace', 'backspace');
    expect(agent.prompt).toBe('a');
  });

  test('moves, deletes, and kills a word', () => {
    const agent = new Agent().type('fix the bug').press('home', 'delete').type('F').press('end', 'ctrl-w');
    expect(agent.prompt).toBe('Fix the ');
  });

  test('a big paste is a label of one step, and is submitted whole', () => {
    const text = Array.from({ length: 41 }, (_, line) => `line ${line}`).join('\n');
    const agent = new Agent().type('see ').paste(text);
    expect(layoutComposer(agent.state.composer, 80, 0).rows).toEqual(['see [Pasted text #1 +40 lines]']);
    expect(agent.press('enter').reports.at(1)).toEqual({ event: 'prompt', text: `see ${text}` });
    expect(new Agent().paste(text).press('backspace').prompt).toBe('');
  });

  test('Ctrl+U empties; Ctrl+C empties, and quits the second time', () => {
    expect(new Agent().paste('a\nb').press('ctrl-u').prompt).toBe('');
    const agent = new Agent().type('a').press('ctrl-c');
    expect([agent.prompt, agent.events]).toEqual(['', ['ready']]);
    expect(agent.press('ctrl-c').events).toEqual(['ready', 'EXIT']);
    expect(new Agent().press('ctrl-c').wait(3000).press('ctrl-c').events).toEqual(['ready']);
  });

  test('keys before it is ready are lost', () => {
    const agent = new Agent({ readyAt: 500 }).type('lost').press('enter').wait(500).type('kept');
    expect([agent.prompt, agent.events]).toEqual(['kept', ['ready']]);
  });

  test('nothing is submitted from an empty composer or a lone !', () => {
    expect(new Agent().press('enter').type('  ').press('enter').events).toEqual(['ready']);
    expect(new Agent().type('!').press('enter').events).toEqual(['ready']);
  });

  test('shell mode runs nothing and reports nothing', () => {
    const agent = new Agent().type('!').type('rm -rf /').press('enter').wait(5000);
    expect(agent.events).toEqual(['ready']);
    expect(agent.state.transcript.at(-1)?.text).toContain('nothing was run: rm -rf /');
  });
});

describe('turns', () => {
  test('answers, and reports the exact prompt and the whole answer', () => {
    const agent = new Agent().send('Hello\n  there ').wait(999);
    expect(agent.events).toEqual(['ready', 'prompt', 'busy']);
    expect(agent.wait(5000).reports).toEqual([
      { event: 'ready' },
      { event: 'prompt', text: 'Hello\n  there ' },
      { event: 'busy' },
      { event: 'turn-end', message: 'You said: Hello\n  there ' },
    ]);
  });

  test('prompts during a turn wait for its end', () => {
    const agent = new Agent().send('/tool 5').wait(1000).send('second');
    expect([agent.state.queue, agent.events.slice(-2)]).toEqual([['second'], ['tool', 'prompt']]);
    expect(agent.wait(6000).wait(6000).events.slice(-4)).toEqual([
      'tool-end',
      'turn-end',
      'busy',
      'turn-end',
    ]);
  });

  test('Escape interrupts, what was said stays, the queue goes on', () => {
    const agent = new Agent().send('/slow').wait(6000).send('next').press('escape');
    expect(agent.events).toEqual(['ready', 'prompt', 'busy', 'prompt', 'turn-end', 'busy']);
    expect(agent.state.transcript.map((entry) => entry.kind)).toEqual(['prompt', 'reply', 'note', 'prompt']);
    expect(agent.state.transcript[1]?.text).toMatch(/^This answer\b.{0,50}$/);
    expect(new Agent().send('/tool 60').wait(1000).press('escape').events.slice(-2)).toEqual([
      'tool-end',
      'turn-end',
    ]);
  });

  test('/hang hangs', () => {
    expect(new Agent().send('/hang').wait(1e9).events).toEqual(['ready', 'prompt', 'busy']);
  });

  test.each<[name: string, keys: (agent: Agent) => Agent, answer: 'yes' | 'no']>([
    ['1', (agent) => agent.type('1'), 'yes'],
    ['2', (agent) => agent.type('2'), 'no'],
    ['y', (agent) => agent.type('y'), 'yes'],
    ['n', (agent) => agent.type('n'), 'no'],
    ['Enter', (agent) => agent.press('enter'), 'yes'],
    ['down, Enter', (agent) => agent.press('down', 'enter'), 'no'],
    ['down, up, Enter', (agent) => agent.press('down', 'up', 'enter'), 'yes'],
    ['Escape', (agent) => agent.press('escape'), 'no'],
  ])('/ask is answered by %s', (_, answerBy, answer) => {
    const agent = new Agent().send('/ask npm test').wait(500);
    expect(agent.reports.at(-1)).toEqual({ event: 'ask', question: 'approval', what: 'npm test' });
    expect(answerBy(agent).reports).toContainEqual({ event: 'answered', answer });
    const events = agent.wait(9000).events;
    expect(events.slice(5)).toEqual(answer === 'yes' ? ['tool', 'tool-end', 'turn-end'] : ['turn-end']);
    const choice = answer === 'yes' ? 'Yes' : 'No';
    expect(agent.reports.at(-1)).toMatchObject({ message: expect.stringContaining(`You chose ${choice}`) });
  });

  test('text and pastes do not answer a question by accident', () => {
    const agent = new Agent().send('/ask npm test').wait(500).paste('1').type('x');
    expect(agent.events.at(-1)).toBe('ask');
    expect(agent.prompt).toBe('');
  });

  test('without approvals nothing is asked', () => {
    const agent = new Agent({ approvals: 'never' }).send('/ask npm test').wait(500);
    expect(agent.events.slice(3)).toEqual(['answered', 'tool']);
  });

  test('/error ends the turn with an error, /retry reports each attempt and goes on', () => {
    const failed = new Agent().send('/error 401 invalid key').wait(500);
    expect(failed.reports.at(-1)).toEqual({ event: 'error', message: '401 invalid key', retrying: false });
    expect(failed.state.turn).toBeUndefined();
    const events = new Agent().send('/retry 2').wait(9000).events;
    expect(events.slice(3)).toEqual(['error', 'error', 'turn-end']);
  });

  test.each([
    ['/exit', 0],
    ['/exit 7', 7],
    ['/exit 256', 1],
    ['/exit x', 1],
    ['/quit', 0],
  ])('%s ends with %i', (prompt, code) => {
    expect(new Agent().send(prompt).effects.at(-1)).toEqual({ kind: 'exit', code });
  });

  test('a path is a prompt, not a command', () => {
    const agent = new Agent().send('/etc/hosts: what is it?').wait(9000);
    expect(agent.reports.at(-1)).toMatchObject({ message: 'You said: /etc/hosts: what is it?' });
  });
});
