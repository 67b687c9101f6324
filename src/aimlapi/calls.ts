import type { Settings } from '../base/options.js';
import { type ProviderRules, toConfig } from '../http/config.js';
import { createVideo, refreshLink } from '../job/calls.js';
import { createJobCalls } from '../job/client.js';
import { toVideoOrder } from '../job/order.js';
import { startVideo } from '../job/orders.js';
import { createMediaCalls } from '../media/client.js';
import { getBalance, getKey } from './account.js';
import { createImage } from './images.js';
import { listRequests } from './list-requests.js';
import { findRequest } from './log.js';
import { toCheckedCreate } from './models/checked-create.js';
import { takeUnchecked } from './models/unchecked.js';
import { createOrderRules } from './orders.js';
import { createQuotes, estimateCost } from './prices.js';
import { readProblem } from './problem.js';
import { recoverVideo } from './recover.js';
import { videoApi } from './videos.js';
import type { Wan } from './wan.js';

const rules: ProviderRules = {
  adviceOnLoss: (clientRequestId) =>
    `Look up client request id "${clientRequestId}" (recoverVideo, findRequest) before you pay for another`,
  readProblem,
};

/** The calls of a client. */
export function createCalls(settings: Settings): Wan {
  const config = toConfig(settings, rules);
  const quoteCreate = createQuotes(config);
  const orderRules = createOrderRules(config);
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
    startVideo: (order, options) => startVideo(config, videoApi, orderRules, order, options),
    findRequest: (input, options) => findRequest(config, input, options),
    recoverVideo: (facts, options) => recoverVideo(config, facts, options),
    estimateCost: (input, options) => estimateCost(quoteCreate, input, options),
    getBalance: async (options) => getBalance(config, options),
    getKey: async (options) => getKey(config, options),
    listRequests: (input, options) => listRequests(config, input, options),
    ...createJobCalls(config, videoApi),
    ...createMediaCalls(config, (media, options) => refreshLink(config, videoApi, media, options)),
  };
}
