import { number, text } from '../base/json.js';
import type { RequestOptions } from '../base/options.js';
import { compact, isRecord, record } from '../base/record.js';
import { printable } from '../base/redact.js';
import type { Config } from '../http/config.js';
import { UnusableAnswer } from '../http/failure.js';
import { send } from '../http/send.js';

export interface Balance {
  /** US dollars. */
  usd: number;
}

/** What the API tells about the key of this client. */
export interface KeyInfo {
  name?: string;
  disabled: boolean;
  /** What the key may be used for, such as `model:image`; absent where it may be used for all. */
  scopes?: string[];
  /** US dollars after which the API itself refuses this key. Absent where the account has set no limit. */
  limitUsd?: number;
  /** When the limit starts again: `day`, `week`, `month` or `no_reset`. */
  limitPeriod?: string;
  /** US dollars that the key has spent in this month. */
  usedUsd?: number;
}

export function getBalance(config: Config, options?: RequestOptions): Promise<Balance> {
  return send(
    config,
    {
      method: 'GET',
      path: '/v2/billing',
      doing: 'read the balance',
      read({ body }) {
        if (body === undefined) return undefined;
        const { current_balance, currency } = record(body);
        const usd = number(current_balance);
        if (usd === undefined) throw new UnusableAnswer('there is no current_balance in it');
        if (currency != null && String(currency).toUpperCase() !== 'USD') {
          throw new UnusableAnswer(`the balance is in ${JSON.stringify(printable(currency))}, not in USD`);
        }
        return { usd };
      },
    },
    options,
  );
}

export function getKey(config: Config, options?: RequestOptions): Promise<KeyInfo> {
  return send(
    config,
    {
      method: 'GET',
      path: '/v1/key',
      doing: 'read what the API tells about the key',
      read({ body }) {
        if (body === undefined) return undefined;
        const { data } = record(body);
        if (!isRecord(data)) throw new UnusableAnswer('there are no data of a key in it');
        const { name, disabled, scopes, limit, monthly_usage } = data;
        const { threshold, retention } = record(limit);
        return compact({
          name: text(name),
          disabled: disabled === true || disabled === 'true',
          scopes: Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === 'string') : undefined,
          limitUsd: number(threshold),
          limitPeriod: text(retention),
          usedUsd: number(monthly_usage),
        });
      },
    },
    options,
  );
}
