import type { Create } from './around-create.js';
import type { Payment } from './payment.js';

const payments = new WeakMap<Create, Payment>();

/** Keeps what is known of a create's payment. `payment` goes on changing while the create is sent. */
export function keepPayment(create: Create, payment: Payment): void {
  payments.set(create, payment);
}

/** Whether this one create may have been paid for. Its error does not tell that: one abort may end several creates. */
export function isPerhapsPaid(create: Create): boolean {
  return payments.get(create)?.mayBePaid ?? true;
}
