import type { AroundCreate } from '../base/around-create.js';
import { number, text } from '../base/json.js';
import { mayHaveBeenPaid } from '../base/payment.js';
import { compact, record } from '../base/record.js';
import { redact } from '../base/redact.js';
import { redactCause } from '../base/thrown.js';
import { type Ending, errorTypeOf, type Trace, TraceChannel } from '../base/trace.js';
import type { Answer, Lost } from './answer.js';
import type { Config } from './config.js';
import type { PreparedCall } from './request.js';

/** What the listeners of `aimlapi-wan:create` get: a paid create, with all its attempts. */
export class CreateTrace implements Trace {
  readonly name: string;
  readonly attributes: Trace['attributes'];
  declare error?: unknown;
  readonly #prompt: string | undefined;

  /** @internal */
  constructor(attributes: Trace['attributes'], model: string, prompt: string | undefined) {
    this.name = `generate_content ${model}`;
    this.attributes = attributes;
    this.#prompt = prompt;
  }

  /**
   * The prompt, as the JSON of `gen_ai.input.messages`; `undefined` where there is none. Only a listener that calls this
   * gets it, because prompts may be private.
   */
  inputMessages(): string | undefined {
    if (this.#prompt === undefined) return undefined;
    return JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: this.#prompt }] }]);
  }
}

const creates = /* @__PURE__ */ new TraceChannel('aimlapi-wan:create');
const requests = /* @__PURE__ */ new TraceChannel('aimlapi-wan:request');

/**
 * Tells the listeners of `aimlapi-wan:create`; `undefined` where there are none. It has the shape of an `aroundCreate`
 * function and runs around all of those. It is not one of them, because after an abort they do not get the answer.
 */
export function createTracer(config: Config): AroundCreate | undefined {
  if (!creates.isHeard) return undefined;
  return (create, send) => {
    const { kind, model, clientRequestId } = create;
    const fields = fieldsOf(create.body);
    const attributes = compact({
      ...serverOf(config),
      'gen_ai.operation.name': 'generate_content',
      'gen_ai.provider.name': config.provider.name,
      'gen_ai.request.model': model,
      'gen_ai.output.type': kind,
      'gen_ai.request.choice.count': countOf(fields),
      'gen_ai.request.seed': number(fields.seed),
      'aimlapi_wan.client_request_id': clientRequestId,
    });
    const trace = new CreateTrace(attributes, model, text(fields.prompt));
    return creates.run(trace, send, describeMade, (error) => ({
      attributes: {
        'error.type': errorTypeOf(error),
        'aimlapi_wan.may_have_been_paid': mayHaveBeenPaid(error),
      },
      error,
    }));
  };
}

/** The fields of a body, wherever a provider has them: Vtrix wraps them, and divides them into two. */
function fieldsOf(body: object): Record<string, unknown> {
  try {
    const { input } = record(body);
    const wrapped = Array.isArray(input) ? record(input[0]).params : body;
    const fields = record(wrapped);
    return { ...fields, ...record(fields.input), ...record(fields.parameters) };
  } catch {
    // an unchecked body may have a getter that throws, and the create itself goes on
    return {};
  }
}

function describeMade(made: unknown): Ending {
  // images, or the job of a video
  const { id, inferenceId, images, usage } = record(made);
  const { usdSpent, creditsUsed } = record(usage);
  const responseId = text(id) ?? text(inferenceId);
  return {
    attributes: {
      'gen_ai.response.id': responseId && redact(responseId),
      'aimlapi_wan.images': Array.isArray(images) ? images.length : undefined,
      'aimlapi_wan.usd_spent': number(usdSpent),
      'aimlapi_wan.credits_used': number(creditsUsed),
    },
  };
}

/** Pictures asked for, where it is not one. */
function countOf({ num_images, n }: Record<string, unknown>): number | undefined {
  const count = number(num_images ?? n);
  return count === 1 ? undefined : count;
}

/** Tells the listeners of `aimlapi-wan:request` of one HTTP attempt. A status check is one, too. */
export function traceAttempt<T>(
  call: PreparedCall<T>,
  attempt: number,
  tryOnce: () => Promise<Answer | Lost>,
): Promise<Answer | Lost> {
  if (!requests.isHeard) return tryOnce();
  const { method, printableUrl, config, secrets } = call;
  const attributes = compact({
    ...serverOf(config),
    'http.request.method': method,
    // a path of Vtrix has the id of the job
    'url.full': redact(printableUrl, secrets),
    'http.request.resend_count': attempt > 1 ? attempt - 1 : undefined,
  });
  const describe = (answer: Answer | Lost): Ending => {
    const { status, isTimeout } = answer;
    const error = answer.error === undefined ? undefined : redactCause(answer.error, secrets);
    const failed = error === undefined ? errorStatus(status) : errorTypeOf(error);
    return {
      attributes: { 'http.response.status_code': status, 'error.type': isTimeout ? 'timeout' : failed },
      error,
    };
  };
  const describeAbort = (error: unknown) => ({ attributes: { 'error.type': errorTypeOf(error) }, error });
  return requests.run({ name: method, attributes }, tryOnce, describe, describeAbort);
}

function errorStatus(status = 0): string | undefined {
  return status >= 400 ? String(status) : undefined;
}

function serverOf({ baseUrl }: Config): Record<string, string | number> {
  const { hostname, port, protocol } = new URL(baseUrl);
  const usual = protocol === 'http:' ? 80 : 443;
  return { 'server.address': hostname, 'server.port': port === '' ? usual : Number(port) };
}
