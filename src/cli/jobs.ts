import { goOn } from './ending.js';
import { openJournal } from './journal.js';
import { cutToWidth } from './screen.js';
import type { Run } from './session.js';

/** The command `jobs`. */
export const listJobs: Run = async ({ screen, given }) => {
  const open = openJournal(screen.error).list();
  if (open.length === 0) screen.note('Nothing is open');
  for (const entry of open) {
    const { startedAt, model, id, clientRequestId, prompt } = entry;
    const lines = [
      `${startedAt.slice(0, 16).replace('T', ' ')}  ${model}  ${cutToWidth(prompt ?? '', 80)}`,
      ...goOn(entry, given).map((line) => `  ${line}`),
    ];
    screen.result(entry, lines, [id ?? clientRequestId]);
  }
};
