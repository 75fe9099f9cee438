import { creationsAnHour } from '../../github/pace.ts';
import { roomLeft } from '../../github/rate-budget.ts';
import type { Budget, Spending } from '../budget.ts';
import { creations, estimateIndex, estimatePublish, hourly, newIndex, spare, type Cost } from './estimate.ts';
import type { Remote } from './remote.ts';

/** What GitHub takes for now. What other jobs created within the hour it does not tell. */
export async function budget(remote: Remote): Promise<Budget> {
  const room = await roomLeft(remote.client);
  return {
    left: { requests: room.requests, creations: room.creations },
    hourly: { requests: room.hourly - spare, creations: creationsAnHour },
    until: room.until,
    release: (files) => spending(estimatePublish(files), lookOfRelease),
    index: ({ isNew, isGlobal, added, replaced, removed, keepsText = false }) => {
      const changes = isNew ? newIndex : { isNew, replaced, removed, isTextOld: !keepsText };
      return spending(estimateIndex({ ...changes, isNewest: isGlobal, added }), looksOfIndex);
    },
  };
}

const lookOfRelease = 1; // which version was before, for its notes
const looksOfIndex = 2; // which versions there are, before it is written and after

function spending(cost: Cost, looks: number): Spending {
  return { requests: hourly(cost) + looks, creations: creations(cost) };
}
