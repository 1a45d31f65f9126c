import { cutReply, planAnswer, planTurn, type Step } from './scenario.ts';
import { addEntry, type Change, type DemoReport, type DemoState, type Effect, type Turn } from './state.ts';

export const toolName = 'Shell';

/** Lets time pass: becomes ready, takes queued prompts, does the steps of the running turn. */
export function advance(state: DemoState, now: number): Change {
  let next = state;
  const effects: Effect[] = [];
  for (;;) {
    const change = stepOnce(next, now);
    if (change === undefined) return { state: next, effects };
    next = change.state;
    effects.push(...change.effects);
    if (effects.some((effect) => effect.kind === 'exit')) return { state: next, effects };
  }
}

/** Stops the running turn; what was said so far stays. */
export function interruptTurn(state: DemoState, now: number): Change {
  const { turn } = state;
  if (turn === undefined) return { state, effects: [] };
  const step = turn.begun ? turn.steps[0] : undefined;
  let next = state;
  const effects: Effect[] = [];
  let said = turn.said;
  if (step?.kind === 'say') {
    said = cutReply(step.text, step.ms, now - turn.stepAt);
    next = addEntry(next, 'reply', said);
  }
  if (step?.kind === 'tool') effects.push(report({ event: 'tool-end', name: toolName }));
  if (step?.kind === 'ask') effects.push(report({ event: 'answered', answer: 'no' }));
  effects.push(report({ event: 'turn-end', message: said }));
  return { state: { ...addEntry(next, 'note', 'Interrupted'), turn: undefined }, effects };
}

/** Answers the question that stands on the screen. */
export function answerQuestion(state: DemoState, yes: boolean, now: number): Change {
  const { turn } = state;
  const step = turn?.steps[0];
  if (turn === undefined || step?.kind !== 'ask') return { state, effects: [] };
  const steps = [...planAnswer(step.command, yes, state.pace), ...turn.steps.slice(1)];
  const noted = addEntry(state, 'note', `${yes ? 'Allowed' : 'Refused'}: ${step.command}`);
  return {
    state: { ...noted, turn: { ...turn, steps, stepAt: now, begun: false, choice: 0 } },
    effects: [report({ event: 'answered', answer: yes ? 'yes' : 'no' })],
  };
}

/** Takes a prompt: a running turn keeps it waiting. */
export function submitPrompt(state: DemoState, prompt: string): Change {
  return {
    state: { ...state, queue: [...state.queue, prompt] },
    effects: [report({ event: 'prompt', text: prompt })],
  };
}

function stepOnce(state: DemoState, now: number): Change | undefined {
  if (!state.ready) {
    if (now < state.readyAt) return undefined;
    return { state: { ...state, ready: true }, effects: [report({ event: 'ready' })] };
  }
  if (state.turn === undefined) return takeQueued(state, now);
  const [step, ...steps] = state.turn.steps;
  if (step === undefined) {
    const end = report({ event: 'turn-end', message: state.turn.said });
    return { state: { ...state, turn: undefined }, effects: [end] };
  }
  if (!state.turn.begun) return beginStep(state, state.turn, step, now);
  const duration = 'ms' in step ? step.ms : Number.POSITIVE_INFINITY;
  if (now < state.turn.stepAt + duration) return undefined;
  return endStep(state, { ...state.turn, steps, stepAt: state.turn.stepAt + duration, begun: false }, step);
}

function takeQueued(state: DemoState, now: number): Change | undefined {
  const [prompt, ...queue] = state.queue;
  if (prompt === undefined) return undefined;
  const steps = planTurn(prompt, state.pace);
  const turn: Turn = { startedAt: now, steps, stepAt: now, begun: false, said: '', choice: 0 };
  return {
    state: { ...addEntry(state, 'prompt', prompt), queue, turn },
    effects: [report({ event: 'busy' })],
  };
}

function beginStep(state: DemoState, turn: Turn, step: Step, now: number): Change {
  const begun = { ...state, turn: { ...turn, begun: true } };
  switch (step.kind) {
    case 'tool':
      return { state: begun, effects: [report({ event: 'tool', name: toolName, input: step.input })] };
    case 'retry': {
      const message = `529 overloaded (attempt ${step.attempt}/${step.of})`;
      return { state: begun, effects: [report({ event: 'error', message, retrying: true })] };
    }
    case 'ask': {
      if (state.approvals === 'never') return answerQuestion(begun, true, now);
      return { state: begun, effects: [report({ event: 'ask', question: 'approval', what: step.command })] };
    }
    case 'fail':
      return {
        state: { ...addEntry(state, 'error', step.message), turn: undefined },
        effects: [report({ event: 'error', message: step.message, retrying: false })],
      };
    case 'exit':
      return {
        state: { ...state, turn: undefined },
        effects: [{ kind: 'exit', code: step.code }],
      };
    default:
      return { state: begun, effects: [] };
  }
}

function endStep(state: DemoState, turn: Turn, step: Step): Change {
  if (step.kind === 'say') {
    return {
      state: addEntry({ ...state, turn: { ...turn, said: step.text } }, 'reply', step.text),
      effects: [],
    };
  }
  if (step.kind === 'tool') {
    return {
      state: addEntry({ ...state, turn }, 'tool', step.input),
      effects: [report({ event: 'tool-end', name: toolName })],
    };
  }
  return { state: { ...state, turn }, effects: [] };
}

function report(body: DemoReport): Effect {
  return { kind: 'report', report: body };
}
