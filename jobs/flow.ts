/** The stages of each kind of run in their order, and the parts of each stage. The order is defined here only.
 *
 *  snapshot → window × 16 → train × models → expect × 16 → realise × 16 → settle
 *
 *  and, apart from it, compare: what changed between two settlements; and import: a delivery that was uploaded.
 *
 *  A stage begins when every part of the one before it is done; its own parts run in any order, on any worker. */
import { SHARDS } from '../engine/panel/panel.ts'

export const STAGES = [
  'snapshot',
  'window',
  'train',
  'expect',
  'realise',
  'settle',
  'preview',
  'compare',
  'import',
] as const
export type Stage = (typeof STAGES)[number]

/** The stages of each flow: all of them to settle a contract, the first three to train its models; a correction trains
 *  no models; the preview of a dispute, the comparison of two settlements and the import of a delivery are flows of one stage. */
export const FLOWS = {
  settle: ['snapshot', 'window', 'train', 'expect', 'realise', 'settle'],
  train: ['snapshot', 'window', 'train'],
  correct: ['snapshot', 'expect', 'realise', 'settle'],
  preview: ['preview'],
  difference: ['compare'],
  import: ['import'],
} as const satisfies Record<string, readonly Stage[]>
export type FlowName = keyof typeof FLOWS

// Logical shards, not workers: two digits, so that names sort as numbers do.
const shards: readonly string[] = Array.from({ length: SHARDS }, (_, shard) => String(shard).padStart(2, '0'))
const whole: readonly string[] = ['all']

const splitBy: Readonly<Record<Stage, 'shard' | 'model' | 'nothing'>> = {
  snapshot: 'nothing',
  window: 'shard',
  train: 'model',
  expect: 'shard',
  realise: 'shard',
  settle: 'nothing',
  preview: 'nothing',
  compare: 'nothing',
  import: 'nothing',
}

/** The names of a stage's parts, in the order in which their results are handed on: shards, models, or the whole. */
export function partsOf(stage: Stage, models: readonly string[]): readonly string[] {
  if (splitBy[stage] === 'shard') return shards
  return splitBy[stage] === 'model' ? models : whole
}
