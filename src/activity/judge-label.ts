import type { QuestionOption } from './types.ts';

const ALWAYS =
  /\b(?:always|don['’]t ask|do not ask|never ask|all edits|auto-accept|auto mode|bypass permissions|for (?:this|the) session|during this session|from now on|remember)\b/iu;
const NO =
  /^(?:no|n|reject|deny|decline|cancel|refuse|disallow|abort|exit|quit|skip|back|keep planning|don['’]t|do not|not now)\b/iu;
const YES =
  /^(?:yes|y|ok|okay|allow|approve|accept|proceed|continue|confirm|trust|run|apply|submit|implement)\b/iu;

/**
 * What choosing an option of this label means; undefined where it is neither consent nor refusal. "No, and don't ask
 * again" is a refusal, "Always deny" is no answer that `always` may give.
 */
export function judgeLabel(label: string): QuestionOption['means'] {
  if (NO.test(label) || /\b(?:deny|reject|never allow)\b/iu.test(label)) return 'no';
  if (ALWAYS.test(label))
    return /^(?:always|yes|y|allow|approve|accept|trust)\b/iu.test(label) ? 'always' : undefined;
  return YES.test(label) ? 'yes' : undefined;
}
