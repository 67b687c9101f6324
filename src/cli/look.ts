import { createClient, need } from './client.js';
import { UsageError } from './failure.js';
import { findKnownModel } from './fields.js';
import { toFields } from './model-flags.js';
import { priceOf, showPrice as toText } from './price.js';
import { showUsd } from './screen.js';
import type { Run } from './session.js';

const dayMs = 86_400_000;

export const listModels: Run = async ({ screen }) => {
  const { models } = await import('../models.js');
  for (const model of models()) {
    const { id, aliases, kind, inputs } = model;
    const name = aliases[0] ?? id;
    screen.result(model, [`${name.padEnd(32)} ${kind}  ${screen.dim(`from ${inputs.join(', ')}`)}`], [name]);
  }
};

export const showSchema: Run = async ({ screen, given }) => {
  const [name = ''] = given.positionals;
  const { jsonSchemaOf } = await import('../models.js');
  const { describeFields, toLine, toText } = await import('./help.js');
  const fields = await describeFields(name);
  screen.result(
    jsonSchemaOf(name),
    fields.map((field) => toLine(field.field, toText(field))),
    [name],
  );
};

export const showPrice: Run = async (session) => {
  const { screen, given, flags, fields, signal } = session;
  if (!fields || given.positionals.length !== 1)
    throw new UsageError([...given.mistakes, '<model> is missing']);
  const mistakes = [...given.mistakes];
  const input = fields.toInput(await toFields(given.fields(flags), fields.limits, mistakes));
  if (mistakes.length > 0) throw new UsageError(mistakes);
  const price = await priceOf(await createClient(session), input, signal);
  // the catalogue may have a model that is newer than this program
  if (price.usd === undefined && given.text('provider') !== 'vtrix') await findKnownModel(fields.model);
  screen.result({ model: fields.model, ...price }, [toText(price)], [String(price.usd ?? '')]);
};

export const showBalance: Run = async (session) => {
  const balance = await need(await createClient(session), 'getBalance')({ signal: session.signal });
  session.screen.result(balance, [showUsd(balance.usd)], [String(balance.usd)]);
};

export const listRequests: Run = async (session) => {
  const { screen, given, signal } = session;
  const since = new Date(Date.now() - (given.number('since') ?? dayMs));
  const rows = need(await createClient(session), 'listRequests')(
    { since, model: given.text('model') },
    { signal },
  );
  for await (const { raw, usage, ...row } of rows) {
    const { createdAt, status, model = '', inferenceId } = row;
    const cost = usage ? showUsd(usage.usdSpent) : '';
    const line = [createdAt, status.padEnd(9), model.padEnd(30), cost.padEnd(8), inferenceId].join('  ');
    screen.result({ ...row, usd: usage?.usdSpent }, [line.trimEnd()], [inferenceId ?? '']);
  }
};
