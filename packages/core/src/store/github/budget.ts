import { creationsAnHour } from '../../github/pace.ts';
import { roomLeft } from '../../github/rate-budget.ts';
import type { Budget, Spending } from '../budget.ts';
import { creations, estimateIndex, estimatePublish, hourly, newIndex, type Cost } from './estimate.ts';
import type { Remote } from './remote.ts';

/** What GitHub takes for now. What other jobs created within the hour it does not tell. */
export async function budget(remote: Remote): Promise<Budget> {
  const room = await roomLeft(remote.client);
  return {
    left: { requests: room.requests, creations: room.creations },
    hourly: { requests: room.hourly, creations: creationsAnHour },
    until: room.until,
    release: (files) => spending(estimatePublish(files)),
    index: ({ isNew, isGlobal, added, removed }) => {
      const changes = isNew ? newIndex : { isNew, replaced: 1, removed, isTextOld: true };
      return spending(estimateIndex({ ...changes, isNewest: isGlobal, added }));
    },
  };
}

function spending(cost: Cost): Spending {
  return { requests: hourly(cost), creations: creations(cost) };
}
