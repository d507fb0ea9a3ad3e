/** The examples of docs/ways-of-paying.md are what the programs read. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { CONDITIONS, segment3Of } from '../../../engine/contract/segment3.ts'
import { fieldOf } from '../../../engine/kernel/document.ts'
import { rewardOf } from '../../../engine/reward/reward-rules.ts'
import { blocksOf } from '../../../engine/road/blocks.ts'
import { roadOf } from '../../../engine/road/road-rules.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/ways-of-paying.md'), 'utf8')
const [clause, road, reward] = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => parse(yaml!) as unknown)

test('the clause of segment 3', () => {
  const field = fieldOf((clause as { segment3: unknown }).segment3)
  expect(segment3Of(field)).toMatchObject({ eurPerPatient: 4, conditions: CONDITIONS, deliverBy: '2026-03-01' })
  expect(field.faults).toEqual([])
})

test('which refuses a threshold that is missing, and a day', () => {
  const field = fieldOf({ eur_per_patient: 4, conditions: ['process_indicators', 'donkerblauw'] })
  segment3Of(field)
  expect(field.faults.map(({ sentence }) => sentence)).toEqual([
    '.thresholds is nothing; process_indicators is a condition, so thresholds names indicators with the least share of each',
    '.deliver_by is nothing; donkerblauw is a condition, so deliver_by names the last day on which a year is delivered on time',
  ])
})

test('the road', () => {
  // four parties and ten subjects, of which one has one agreement
  expect(blocksOf(roadOf(road), '2026-03-15').filter(({ overdue }) => overdue)).toHaveLength(4 * 4 - 1)
  expect(blocksOf(roadOf(road), null)).toHaveLength(4 * 10 - 1)
})

test('the reward', () => {
  expect(rewardOf(reward).networks[0]?.members).toHaveLength(3)
})
