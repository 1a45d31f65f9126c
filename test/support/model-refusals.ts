import type { Protocol } from './model-requests.ts';

interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What the providers answer when a plan's limit is reached (`quota`), and when there is no money left (`credit`). */
export function makeRefusal(protocol: Protocol, why: 'quota' | 'credit'): Refusal {
  const inTwoHours = Math.floor(Date.now() / 1000) + 7200;
  switch (`${protocol} ${why}` as const) {
    case 'messages quota':
      return {
        status: 429,
        headers: {
          'anthropic-ratelimit-unified-status': 'rejected',
          'anthropic-ratelimit-unified-reset': `${inTwoHours}`,
          'anthropic-ratelimit-unified-representative-claim': 'five_hour',
          'retry-after': '7200',
          'x-should-retry': 'false',
        },
        body: anthropicError(
          'rate_limit_error',
          "This request would exceed your account's rate limit. Please try again later.",
        ),
      };
    case 'messages credit':
      return {
        status: 400,
        headers: {},
        body: anthropicError(
          'invalid_request_error',
          'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
        ),
      };
    case 'responses quota':
      return {
        status: 429,
        headers: {},
        body: {
          error: {
            type: 'usage_limit_reached',
            message: 'The usage limit has been reached',
            plan_type: 'plus',
            resets_at: inTwoHours,
            resets_in_seconds: 7200,
          },
        },
      };
    case 'responses credit':
    case 'chat quota':
      return {
        status: 429,
        headers: {},
        body: {
          error: {
            message:
              'You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.',
            type: 'insufficient_quota',
            param: null,
            code: 'insufficient_quota',
          },
        },
      };
    case 'chat credit':
      return {
        status: 402,
        headers: {},
        body: {
          error: {
            message:
              'This request requires more credits, or fewer max_tokens. You requested up to 64000 tokens.',
            code: 402,
          },
        },
      };
  }
}

function anthropicError(type: string, message: string): unknown {
  return { type: 'error', error: { type, message }, request_id: 'req_mock' };
}
