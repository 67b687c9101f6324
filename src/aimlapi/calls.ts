import { bodyToSend } from '../base/create-payment.js';
import type { Settings } from '../base/options.js';
import { record } from '../base/record.js';
import type { VideoJob } from '../base/results.js';
import { type Config, type ProviderRules, toConfig } from '../http/config.js';
import { createVideo, refreshLink } from '../job/calls.js';
import { createJobCalls } from '../job/client.js';
import { toVideoOrder } from '../job/order.js';
import { startVideo } from '../job/orders.js';
import { createMediaCalls } from '../media/client.js';
import { Budget, type Told } from '../money/budget.js';
import { getBalance, getKey } from './account.js';
import { createImage } from './images.js';
import { listRequests } from './list-requests.js';
import { findRequest, type LoggedRequest } from './log.js';
import { toCheckedCreate } from './models/checked-create.js';
import { takeUnchecked } from './models/unchecked.js';
import { createOrderRules } from './orders.js';
import { createQuotes, estimateCost } from './prices.js';
import { readProblem } from './problem.js';
import { recoverVideo } from './recover.js';
import { videoApi } from './videos.js';
import type { Wan } from './wan.js';

const rules: ProviderRules = {
  name: 'aimlapi',
  adviceOnLoss: (clientRequestId) =>
    `Look up client request id "${clientRequestId}" (recoverVideo, findRequest) before you pay for another`,
  readProblem,
};

/** The calls of a client. */
export function createCalls(settings: Settings): Wan {
  const plain = toConfig(settings, rules);
  const quoteCreate = createQuotes(plain);
  const budget = new Budget({
    ...settings,
    quote: (create) => quoteCreate({ model: create.model, body: record(bodyToSend(create)) }, create.signal),
  });
  const config: Config = {
    ...plain,
    account: budget.around,
    seeJob: (job) => budget.see(toTold(job)),
  };
  const orderRules = createOrderRules(config);
  const seen = <Found extends VideoJob | undefined>(job: Found): Found => {
    if (job) budget.see(toTold(job));
    return job;
  };
  return {
    generateImage: async (input, options) =>
      createImage(config, toCheckedCreate('image', input, config.baseUrl), options),
    generateVideo: async (input, options) =>
      createVideo(config, videoApi, toCheckedCreate('video', input, config.baseUrl), options),
    generateImageUnchecked: async (body, options) =>
      createImage(config, takeUnchecked('image', body), options),
    generateVideoUnchecked: async (body, options) =>
      createVideo(config, videoApi, takeUnchecked('video', body), options),
    orderVideo: async (input, options) =>
      toVideoOrder(videoApi.provider, toCheckedCreate('video', input, config.baseUrl), options),
    startVideo: async (order, options) =>
      seen(await startVideo(config, videoApi, orderRules, order, options)),
    findRequest: async (input, options) => {
      const rows = await findRequest(config, input, options);
      for (const row of rows) budget.see(rowToTold(row));
      return rows;
    },
    recoverVideo: async (facts, options) => seen(await recoverVideo(config, facts, options)),
    spending: () => budget.spending(),
    estimateCost: (input, options) => estimateCost(quoteCreate, input, options),
    getBalance: async (options) => getBalance(config, options),
    getKey: async (options) => getKey(config, options),
    async *listRequests(input, options) {
      for await (const row of listRequests(config, input, options)) {
        budget.see(rowToTold(row));
        yield row;
      }
    },
    ...createJobCalls(config, videoApi),
    ...createMediaCalls(config, (media, options) => refreshLink(config, videoApi, media, options)),
  };
}

/** What a job tells of its create. One that is done without a video may still fail, and then it costs nothing. */
function toTold(job: VideoJob): Told {
  return job.state === 'done' && !job.video ? { ...job, state: 'running' } : job;
}

/** What a row of the log tells of its create: its cost is known when it has ended. */
function rowToTold({ inferenceId, clientRequestId, status, usage }: LoggedRequest): Told {
  return { id: inferenceId, clientRequestId, usage, state: status === 'failed' ? 'failed' : 'done' };
}
