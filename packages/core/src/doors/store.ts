export type { Spending } from '../store/budget.ts';
export type { Release, Store } from '../store/store.ts';
