import type { Create } from './around-create.js';
import { parseJson } from './json.js';
import type { Payment } from './payment.js';

interface Sale {
  readonly payment: Payment;
  readonly json: string;
}

const sales = new WeakMap<Create, Sale>();

/** Keeps what is known of a create's payment, which goes on changing while it is sent, and the JSON that goes out. */
export function keepSale(create: Create, payment: Payment, json: string): void {
  sales.set(create, { payment, json });
}

/** Whether this one create may have been paid for. Its error does not tell that: one abort may end several creates. */
export function isPerhapsPaid(create: Create): boolean {
  return sales.get(create)?.payment.mayBePaid ?? true;
}

/** The body that goes out. `create.body` may have been changed by the functions around it. */
export function bodyToSend(create: Create): unknown {
  return parseJson(sales.get(create)?.json ?? '');
}
