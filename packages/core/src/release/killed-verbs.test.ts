import { it } from '@jest/globals';
import { endsAsUndisturbed } from '../../testing/killed-anywhere.ts';
import { verbScenarios } from '../../testing/verb-scenarios.ts';

it.each(['yank', 'undo', 'retire', 'status'] as const)(
  '%s ends as if undisturbed when it is killed at any moment of any write and run again',
  async (name) => {
    const named = { file: 'verb-scenarios.ts', from: 'verbScenarios', name, scenario: verbScenarios[name] };
    await endsAsUndisturbed(named, 'write');
  },
);
