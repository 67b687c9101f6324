import { text } from '../base/json.js';
import { compact } from '../base/record.js';
import { redact } from '../base/redact.js';
import type { Video, VideoJob } from '../base/results.js';
import { errorTypeOf, type Trace, TraceChannel } from '../base/trace.js';

/** What the trace of a wait needs of an update. */
interface Told {
  job: VideoJob;
  status: string;
  polls: number;
  video?: Video;
}

type Updates<Update> = AsyncGenerator<Update, void, undefined>;

const waits = /* @__PURE__ */ new TraceChannel('aimlapi-wan:wait');

/** The updates of a wait. The listeners of `aimlapi-wan:wait` are told of its start and its end. */
export function traceWait<Update extends Told>(updates: Updates<Update>): Updates<Update> {
  return waits.isHeard ? tracedUpdates(updates) : updates;
}

async function* tracedUpdates<Update extends Told>(updates: Updates<Update>): Updates<Update> {
  // the first update makes no request: misuse throws here, and no wait has begun
  const first = await updates.next();
  if (first.done) return;
  let update = first.value;
  const { provider, id } = update.job;
  // a stored job may hold anything there
  const model = text(update.job.model);
  const attributes = compact({
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': model,
    'gen_ai.output.type': 'video',
    'gen_ai.response.id': redact(id),
  });
  const trace: Trace = { name: model ? `wait_for_video ${model}` : 'wait_for_video', attributes };
  const runStep = waits.beginSteps(trace);
  let failure: { error: unknown } | undefined;
  try {
    for (;;) {
      yield update;
      const step = await runStep(() => updates.next());
      if (step.done) return;
      update = step.value;
    }
  } catch (error) {
    failure = { error };
    throw error;
  } finally {
    // the caller may have left its loop: end the wait, so that no more checks go out
    await updates.return();
    waits.end(trace, () => {
      const { status, polls, video } = update;
      return {
        attributes: {
          'aimlapi_wan.status': status,
          'aimlapi_wan.polls': polls,
          'aimlapi_wan.usd_spent': video?.usage?.usdSpent,
          'aimlapi_wan.credits_used': video?.usage?.creditsUsed,
          'error.type': failure && errorTypeOf(failure.error),
        },
        error: failure?.error,
      };
    });
  }
}
