import { OutcomeUnknownError } from '../base/errors.js';
import type { OrderRules } from '../job/orders.js';
import { type BodyStyle, toCreate } from './videos.js';

export function createOrderRules(bodyStyle: BodyStyle): OrderRules {
  return {
    toCreate: (body) => toCreate(body, bodyStyle),
    async look({ clientRequestId, model, orderedAt }) {
      const message = `Cannot find out whether the order "${clientRequestId}" was paid for: Vtrix has no request log. See its console before you pay for another`;
      throw new OutcomeUnknownError(message, { clientRequestId, model, startedAt: orderedAt }, undefined);
    },
  };
}
