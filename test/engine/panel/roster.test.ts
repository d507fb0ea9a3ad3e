import { expect, test } from 'vitest'
import type { PanelPartner } from '../../../engine/panel/panel.ts'
import { indicesOf, rosterOf } from '../../../engine/panel/roster.ts'
import { contractWith } from '../../support/settlements/contract.ts'

const partner = (partnerId: string, memberOf: string | null = null): PanelPartner => ({
  partnerId,
  kind: memberOf === null ? 'care_group' : 'gp_practice',
  memberOf,
})
const region = [
  partner('p01'),
  partner('p90'),
  partner('p95'),
  partner('q1', 'p01'),
  partner('q90', 'p90'),
  partner('q95', 'p95'),
]
const practices = new Set(['q1', 'q90', 'q95'])
const creditedIn = (roster: ReturnType<typeof rosterOf>) =>
  Object.fromEntries([...roster.credited].map((to, from) => [roster.partnerIds[from], roster.partnerIds[to]]))

test('practices count under the care group that the contract names, as its own or as a control', () => {
  const roster = rosterOf(contractWith({ partners: ['p01'], control: ['p90'] }), region, practices)
  expect(creditedIn(roster)).toMatchObject({ q1: 'p01', q90: 'p90', q95: 'q95' })
})

test('and under one that the reference names', () => {
  const reference = { start: '2021-01-01', end: '2024-12-31', partners: ['p01', 'p95'] } as const
  const roster = rosterOf(contractWith({ partners: ['p01'], control: [], reference }), region, practices)
  expect(creditedIn(roster)).toMatchObject({ q1: 'p01', q90: 'q90', q95: 'p95' })
})

test('a contract that names no partner has every partner with an enrolment, less the controls and their practices', () => {
  const roster = rosterOf(contractWith({ partners: null, control: ['p90'] }), region, practices)
  expect(indicesOf(roster.contract).map((index) => roster.partnerIds[index])).toEqual(['q1', 'q95'])
  expect(creditedIn(roster)).toMatchObject({ q1: 'q1', q90: 'p90', q95: 'q95' })
})

test('a practice that the contract names itself stands for itself, whatever list its group is in', () => {
  const reference = { start: '2021-01-01', end: '2024-12-31', partners: ['p90'] } as const
  const roster = rosterOf(contractWith({ partners: ['q90'], control: ['p01'], reference }), region, practices)
  expect(creditedIn(roster)).toMatchObject({ q90: 'q90', q1: 'p01' })
})
