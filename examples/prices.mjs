/** How many of a unit one order is, by the unit's name. A name that is not here cannot be quoted. */
const quantities = {
  image: { image: 1 },
  video: { video: 1, second: 5 },
};

/**
 * Asks the catalogue, which takes no key, what each order costs now.
 *
 * @returns one text for each order: `$0.0315`, or why there is no price
 */
export async function readPrices(baseUrl, orders, signal) {
  const query = new URLSearchParams(orders.map(({ model }) => ['id', model]));
  query.append('include', 'pricing');
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
    const response = await fetch(`${baseUrl}/v1/models?${query}`, { signal: within });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    const { data } = await response.json();
    return orders.map((order) => {
      const entry = data.find(({ id, aliases }) => id === order.model || aliases?.includes(order.model));
      const usd = priceInUsd(order, entry?.pricing);
      return usd === undefined ? 'no price is published' : `$${Number(usd.toFixed(6))}`;
    });
  } catch (error) {
    signal.throwIfAborted();
    const why = error.cause?.message || error.cause?.code || error.message;
    return orders.map(() => `no price is known (the catalogue cannot be read: ${why})`);
  }
}

function priceInUsd({ kind, resolution }, pricing) {
  if (pricing?.currency !== undefined && pricing.currency !== 'USD') return undefined;
  const rates =
    pricing?.kind === 'fixed'
      ? pricing.units?.map(({ name, price, per }) => ({ unit: name, price, per }))
      : pricing?.kind === 'variants'
        ? pricing.variants?.filter(({ when }) => fits(when, { resolution }))
        : undefined;
  if (rates?.length !== 1) return undefined;
  const [{ unit, price, per = 1 }] = rates;
  const quantity = quantities[kind][String(unit).toLowerCase().replace(/s$/, '')];
  const usd = (Number(price) * quantity) / per;
  return Number.isFinite(usd) ? usd : undefined;
}

function fits(when, facts) {
  return Object.entries(when ?? {}).every(
    ([name, value]) => String(facts[name]).toLowerCase() === String(value).toLowerCase(),
  );
}
