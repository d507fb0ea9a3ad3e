/** Segment 2 through the store: imported, declared, answered and passed on, each once; and who may read what of it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asIdentity } from '../../data/access/request-store.ts'
import type { Role } from '../../data/access/keys.ts'
import { importDataset } from '../../data/import/import.ts'
import type { Store } from '../../data/postgres/database.ts'
import { contractFileOf } from '../../data/region/contract-file.ts'
import { appendContract, contractOfRegion } from '../../data/region/contracts.ts'
import { regionConstants, regionPrecedence } from '../../data/constants/region-documents.ts'
import { loadPrecedence, loadProgrammes } from '../../data/region/programme-files.ts'
import { constantOn } from '../../engine/constants/constant.ts'
import { segment2Balances } from '../../data/segment2/book.ts'
import { declare } from '../../data/segment2/declare.ts'
import { payOut } from '../../data/segment2/payout.ts'
import { payAdvance } from '../../data/settlements/payments.ts'
import { remit } from '../../data/segment2/remit.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import { dataset, type Files, removeDatasets } from '../support/regions/dataset.ts'
import { tokenFor } from '../support/services/keys.ts'
import { liveStore } from '../support/services/live.ts'
import { winst } from '../support/services/winst.ts'

let store: Store
let place: string
beforeAll(async () => {
  store = await liveStore()
  place = await mkdtemp(join(tmpdir(), 'segment2-'))
})
afterAll(async () => {
  await store.close()
  await rm(place, { recursive: true })
  await removeDatasets()
})

const year = '2025-01-01,2025-12-31'
const FILES: Files = {
  'partners.csv':
    'partner_id,name,kind,agb,member_of\ngroup,De Groep,care_group,,\ng1,Praktijk 1,gp_practice,01234567,group\ndc01,Lab,diagnostic_centre,,\n',
  'patients.csv':
    'patient_id,birth_year,sex,insurer,died_on\na,1950,m,7095,\nb,1951,f,7095,\nc,1952,m,7095,2025-03-31\nd,1953,f,7095,\ne,1954,m,7095,\nf,1955,f,7095,\n',
  'enrolments.csv':
    'patient_id,programme,partner_id,started_on,main_practitioner\na,dm2,g1,2024-01-01,gp\nb,dm2,g1,2024-01-01,gp\nc,dm2,g1,2024-01-01,gp\nd,dm2,g1,2025-04-02,gp\ne,dm2,g1,2024-01-01,\ne,hvz,g1,2024-01-01,gp\nf,dm2,g1,2024-01-01,gp\n',
  'observations.csv': 'patient_id,measure,observed_on,value\na,hba1c,2024-06-01,55\na,smoking,2024-06-01,2\n',
  'conditions.csv': `patient_id,code_system,code,onset_on\n${['a', 'b', 'c', 'd', 'e'].map((id) => `${id},ICPC-1,T90.02,2020-01-01\n`).join('')}e,ICPC-1,K75,2021-01-01\n`,
  'insured.csv': 'patient_id,insurer,since\nb,7095,2020-01-01\nb,3311,2025-04-01\n',
  'participation.csv': `patient_id,programme,consent,since\n${['a', 'b', 'c', 'd', 'e', 'f'].map((id) => `${id},dm2,ja,2024-01-01\n`).join('')}`,
  'provider_contracts.csv': `partner_id,programme,insurer,start,end,main_contractor\ng1,dm2,7095,${year},group\ng1,dm2,3311,${year},group\ndc01,dm2,7095,${year},group\ndc01,dm2,3311,${year},group\n`,
  'constants/codes.yaml': `- {key: prestatiecode.segment2.dm2, value: '40010', unit: code, valid_from: 2025-01-01, source: contract 2025, certainty: S}\n`,
}

const CONTRACT = (id: string) => `
contract: ${id}
title: DM2
programme: dm2
partners: [group]
period: {start: 2025-01-01, end: 2025-12-31}
reference: {start: 2021-01-01, end: 2024-12-31}
share: {gain: 0.5, loss: 0}
outcomes: [{measure: hba1c, price_eur: 1, horizon_days: 365, window_days: 120, baseline_days: 450}]
bundled:
  overhead: 0.25
  components:
    - {activity: jaarcontrole, provider: poh, prevalence: 1, minutes: 60, hourly_eur: 120}
    - {activity: fundusfoto, provider: dc01, prevalence: 0.5, minutes: 0, material_eur: 80}
`
// 120 + 40 = 160, with a quarter of overhead 200 a year: 50.00 a quarter, of which 30.00, 10.00 and 10.00

interface Of {
  readonly regionId: number
  readonly contract: Awaited<ReturnType<typeof contractOfRegion>>
}

async function regionWith(
  name: string,
  files: Files = {},
  delivered: Day = '2025-12-31',
  maxRejects = 0.05,
): Promise<Of> {
  const dir = await dataset({ ...FILES, ...files })
  const rejectsPath = join(place, `${name}-rejects.csv`)
  const { regionId } = await importDataset(store, { dir, region: name, delivered, rejectsPath, maxRejects })
  const stored = contractFileOf(CONTRACT(`c-${name}`), 'contract.yaml', await loadProgrammes())
  await appendContract(store, regionId, stored)
  return { regionId, contract: await contractOfRegion(store, regionId, `c-${name}`) }
}

const declared = (of: Of, quarterDay: Day, asOf: Day = '2025-12-31') =>
  declare(store, { ...of, quarterDay, asOf, by: 'analyst:ann' })
const shown = ({ lines }: Awaited<ReturnType<typeof declare>>) =>
  lines.map(({ patientId, quarterDay, insurer, cents }) => `${patientId} ${quarterDay} ${insurer} ${cents}`)
const remitted = async (of: Of, text: string) => {
  const file = join(place, 'remittances.csv')
  await writeFile(file, `declaration_line,state,cents,paid_on,reason\n${text}`)
  return await remit(store, { regionId: of.regionId, file, by: 'analyst:ann' })
}
const paid = async (of: Of, on: Day) =>
  (await payOut(store, { regionId: of.regionId, on, asOf: '2025-12-31', by: 'analyst:ann' })).map(
    ({ line, partnerId, cents, due, late }) => `${line.patientId} ${partnerId} ${cents} ${due}${late ? ' late' : ''}`,
  )
const balances = async (of: Of) =>
  Object.fromEntries((await segment2Balances(store.pool, of.regionId)).map(({ account, cents }) => [account, cents]))

test('a year: declared on quarter days, answered, passed on, corrected; twice posts nothing', async () => {
  const of = await regionWith('jaar')
  const line = (day: Day, insurer: string, at: number) => `c-jaar.${day}.${insurer}.00000${at}`
  const january = await declared(of, '2025-01-01')
  expect(january).toMatchObject({ state: 'posted', code: '40010' })
  expect(shown(january)).toEqual(['a', 'b', 'c', 'e'].map((id) => `${id} 2025-01-01 7095 5000`))
  const reasons = january.uncounted.map(({ patientId, reason }) => `${patientId} ${reason}`)
  // nobody says who leads e's treatment: it counts as the GP, and is told
  expect(reasons).toEqual([
    'd not_enrolled',
    'd main_practitioner_unknown',
    'e main_practitioner_unknown',
    'f no_diagnosis',
  ])
  expect((await declared(of, '2025-01-01')).state).toBe('known')
  expect(await balances(of)).toEqual({ declared: -20_000, receivable: 20_000 })

  expect(shown(await declared(of, '2025-04-01'))).toEqual([
    'b 2025-04-01 3311 5000',
    'a 2025-04-01 7095 5000',
    'e 2025-04-01 7095 5000',
  ])

  const answers = `${line('2025-01-01', '7095', 1)},approved,5000,2025-04-20,\n${line('2025-01-01', '7095', 2)},approved,5000,2025-05-10,\n${line('2025-01-01', '7095', 3)},rejected,5000,,unknown\n`
  expect((await remitted(of, answers)).fresh).toHaveLength(3)
  expect(await remitted(of, answers)).toMatchObject({ rows: 3, fresh: [] })
  expect(await paid(of, '2025-04-30')).toEqual(['a g1 3000 2025-04-30', 'a dc01 1000 2025-04-30', 'a  1000 2025-04-30'])
  expect(await paid(of, '2025-04-30')).toEqual([])
  expect(await paid(of, '2025-06-10')).toEqual([
    'b g1 3000 2025-06-09 late',
    'b dc01 1000 2025-06-09 late',
    'b  1000 2025-06-09 late',
  ])
  // 350.00 declared, 50.00 rejected; 100.00 came in, of which 80.00 went on
  expect(await balances(of)).toEqual({ declared: -30_000, organisation: 2_000, passed_on: 8_000, receivable: 20_000 })

  await expect(remitted(of, `${line('2025-01-01', '7095', 4)},approved,5001,2025-04-20,\n`)).rejects.toThrow(
    `remittances.csv is refused, and nothing of it is kept: line 2: ${line('2025-01-01', '7095', 4)}: 5001 cents answered, above the 5000 cents that were declared.`,
  )
  await expect(remitted(of, 'x,paid,5,2025-04-20,\n')).rejects.toThrow(
    'line 2: state "paid" is none of approved, rejected, credited',
  )

  // a later delivery knows that e had died, and that b had been insured with 3311 all the time
  const later = {
    'patients.csv': 'patient_id,birth_year,sex,insurer,died_on\ne,1954,m,7095,2024-12-15\n',
    'insured.csv': 'patient_id,insurer,since\nb,3311,2020-01-01\n',
  }
  await regionWith('jaar', later, '2026-01-10')
  const july = await declared(of, '2025-07-01', '2026-01-10')
  expect(shown(july)).toEqual([
    'b 2025-01-01 3311 5000',
    'b 2025-07-01 3311 5000',
    'a 2025-07-01 7095 5000',
    'd 2025-07-01 7095 5000',
    'b 2025-01-01 7095 -5000',
    'e 2025-01-01 7095 -5000',
    'e 2025-04-01 7095 -5000',
  ])
  expect(july.lines.map(({ credits }) => credits).slice(4)).toEqual([
    line('2025-01-01', '7095', 2),
    line('2025-01-01', '7095', 4),
    line('2025-04-01', '7095', 2),
  ])
  // what b's first insurer paid goes back to it, from whom had got it
  await remitted(of, `${line('2025-07-01', '7095', 3)},credited,5000,2025-08-01,\n`)
  expect(await paid(of, '2025-10-01')).toEqual([
    'b g1 -3000 2025-08-31 late',
    'b dc01 -1000 2025-08-31 late',
    'b  -1000 2025-08-31 late',
  ])
  const { rows } = await store.pool.query(
    `select count(*)::int as broken from segment2_entry e left join segment2_entry b on b.region_id = e.region_id and b.seq = e.seq - 1
      where e.hash <> segment2_hash(e) or e.previous_hash <> coalesce(b.hash, repeat('0', 64))`,
  )
  expect(rows).toEqual([{ broken: 0 }])
})

test('an advance on the tariff is set off against it, once, and against the partner’s own practices alone', async () => {
  const of = await regionWith('voorschot')
  const advanced = { contractId: 'c-voorschot', regionId: of.regionId, contract: of.contract.contract }
  const partners = [{ partner_id: 'group', cents: 4_000 }]
  await payAdvance(store, { ...advanced, quarterDay: '2025-01-01', partners, by: 'analyst:ann' })
  await declared(of, '2025-01-01')
  const line = (at: number) => `c-voorschot.2025-01-01.7095.00000${at},approved,5000,2025-04-20,\n`
  await remitted(of, line(1) + line(2))
  const passed = await payOut(store, { regionId: of.regionId, on: '2025-04-30', asOf: '2025-12-31', by: 'analyst:ann' })
  expect(passed.map(({ partnerId, cents, advancedCents }) => [partnerId, cents, advancedCents])).toEqual([
    ['g1', 3000, 3000],
    ['dc01', 1000, 0],
    ['', 1000, 0],
    ['g1', 3000, 1000],
    ['dc01', 1000, 0],
    ['', 1000, 0],
  ])
  await remitted(of, line(3))
  const rest = await payOut(store, { regionId: of.regionId, on: '2025-05-30', asOf: '2025-12-31', by: 'analyst:ann' })
  expect(rest.map(({ advancedCents }) => advancedCents)).toEqual([0, 0, 0])
  expect(await balances(of)).toEqual({ declared: -20_000, organisation: 3_000, passed_on: 12_000, receivable: 5_000 })
})

test('without the region’s own code a quarter is counted and shown, and not declared', async () => {
  const of = await regionWith('zonder', { 'constants/codes.yaml': null })
  const made = await declared(of, '2025-01-01')
  expect(made).toMatchObject({ state: 'held', code: null })
  expect([made.lines.length, made.heldBy]).toEqual([
    4,
    [
      expect.stringMatching(
        /^Constant prestatiecode\.segment2\.dm2 is marked NF .* released when the region has supplied its own/,
      ),
    ],
  ])
  expect(await balances(of)).toEqual({})
})

test('nothing is declared for whom no provider contract holds, and each is named', async () => {
  const of = await regionWith('contracten', {
    'provider_contracts.csv': `partner_id,programme,insurer,start,end\ngroup,dm2,7095,2025-01-01,2025-03-31\ndc01,dm2,7095,${year}\n`,
  })
  await declared(of, '2025-01-01')
  await expect(declared(of, '2025-04-01')).rejects.toThrow(
    [
      'Contract c-contracten: nothing is declared, for no provider contract for dm2 holds of',
      '- g1 with insurer 7095 on 2025-04-01 (2 patients)',
      '- g1 with insurer 3311 on 2025-04-01 (1 patients)',
      '- dc01 with insurer 3311 on 2025-04-01 (1 patients)',
    ].join('\n'),
  )
  await expect(declared(of, '2026-01-01')).rejects.toThrow('2026-01-01 is no quarter day of contract c-contracten')
})

test('provider contracts that overlap or run over a year are rejected with their line, and so are two insurers of one day', async () => {
  const contracts = [
    'partner_id,programme,insurer,start,end',
    `g1,dm2,7095,${year}`,
    'g1,dm2,7095,2025-07-01,2026-06-30',
    'g1,dm2,3311,2025-01-01,2026-01-01',
  ]
  await regionWith(
    'fout',
    {
      'provider_contracts.csv': `${contracts.join('\n')}\n`,
      'insured.csv': 'patient_id,insurer,since\nb,7095,2025-01-01\nb,3311,2025-01-01\n',
    },
    '2025-12-31',
    1,
  )
  const rejects = await readFile(join(place, 'fout-rejects.csv'), 'utf8')
  expect(rejects).toContain(
    'provider_contracts.csv,4,end,2026-01-01,a contract of more than a year; one that starts then ends on 2025-12-31 at the latest',
  )
  expect(rejects).toContain(
    'provider_contracts.csv,3,start,2025-07-01,overlaps the contract of g1 with 7095 for dm2 of 2025-01-01 to 2025-12-31 (line 2)',
  )
  expect(rejects).toContain('insured.csv,3,insurer,3311,line 2 says otherwise from 2025-01-01 on')
})

test('a region’s own constants and precedence hold from their delivery on', async () => {
  const own = '- {programme: copd, before: [astma], rule: always, source: contract 2025}\n'
  const { regionId } = await regionWith('eigen', { 'programmes/precedence.yaml': own })
  expect(await regionPrecedence(store.pool, regionId, '2025-12-30')).toEqual(await loadPrecedence())
  expect(await regionPrecedence(store.pool, regionId, '2025-12-31')).toEqual([
    { programme: 'copd', before: ['astma'], rule: 'always', source: 'contract 2025' },
  ])
  const code = async (asOf: Day) =>
    constantOn(await regionConstants(store.pool, regionId, asOf), 'prestatiecode.segment2.dm2', '2025-01-01').value
  expect([await code('2025-12-30'), await code('2025-12-31')]).toEqual([null, '40010'])
})

test('an insurer reads its own entries and no person, a partner its own, a researcher nothing', async () => {
  const of = await regionWith('rechten')
  for (const day of ['2025-01-01', '2025-04-01'] as const) await declared(of, day)
  await remitted(of, 'c-rechten.2025-01-01.7095.000001,approved,5000,2025-04-20,\n')
  await paid(of, '2025-04-30')
  const seen = async (role: Role, subject: string) =>
    await asIdentity(store, { regionId: of.regionId, role, subject }, async ({ pool }) => {
      const count = async (table: string) =>
        (await pool.query<{ n: number }>(`select count(*)::int as n from ${table}`)).rows[0]!.n
      const whose = await pool.query<{ who: string }>(
        `select distinct insurer || ' ' || partner_id as who from segment2_entry order by 1`,
      )
      return [
        whose.rows.map(({ who }) => who),
        await count('declaration_line'),
        await count('segment2_passed'),
        await count('insured'),
      ]
    })
  expect(await seen('analyst', 'ann')).toEqual([['3311 group', '7095 dc01', '7095 g1', '7095 group'], 7, 3, 2])
  expect(await seen('insurer', '3311')).toEqual([['3311 group'], 0, 0, 0])
  expect(await seen('partner', 'dc01')).toEqual([['7095 dc01'], 0, 1, 0])
  expect(await seen('partner', 'group')).toEqual([['3311 group', '7095 g1', '7095 group'], 7, 1, 2])
  expect(await seen('researcher', 'rob')).toEqual([[], 0, 0, 0])
})

test('at the command line: a file for each insurer, the same bytes twice, and only by an analyst', async () => {
  const of = await regionWith('regel')
  const env = async (role: Role) => ({
    DATABASE_URL: store.url,
    WINST_TOKEN: await tokenFor(store, role, role === 'partner' ? 'g1' : 'ann', 'regel'),
  })
  const analyst = await env('analyst')
  const out = join(place, 'out')
  const asked = ['declare', '--contract', 'c-regel', '--quarter-day', '2025-04-01', '--out', out, '--json']
  const first = await winst(asked, analyst)
  expect([first.status, JSON.parse(first.stdout)]).toMatchObject([
    0,
    {
      state: 'posted',
      insurers: [
        { insurer: '3311', lines: 1, cents: 5000 },
        { insurer: '7095', lines: 2, cents: 10_000 },
      ],
    },
  ])
  const files = async () =>
    await Promise.all(
      ['declaration-7095.txt', 'declaration-3311.csv', 'not-counted.csv'].map((name) =>
        readFile(join(out, name), 'utf8'),
      ),
    )
  const written = await files()
  expect(written[0]!.split('\r\n').map((record) => record.slice(0, 2))).toEqual(['01', '98', '04', '04', '99', ''])
  expect(written[0]).toContain('40010')
  expect(written[1]).toBe(
    'declaration_line,contract,programme,quarter_day,patient_id,practice_id,insurer,code,cents,credits\nc-regel.2025-04-01.3311.000001,c-regel,dm2,2025-04-01,b,g1,3311,40010,5000,\n',
  )
  expect(written[2]).toContain('group,g1,c,2025-04-01,died,\n')
  expect(JSON.parse((await winst(asked, analyst)).stdout)).toMatchObject({ state: 'known' })
  expect(await files()).toEqual(written)

  const file = join(place, 'antwoord.csv')
  await writeFile(
    file,
    'declaration_line;state;cents;paid_on;reason\nc-regel.2025-04-01.3311.000001;approved;5000;2025-07-10;\n',
  )
  const answered = async () => JSON.parse((await winst(['remit', '--data', file, '--json'], analyst)).stdout) as unknown
  expect(await answered()).toMatchObject({ rows: 1, known: 0 })
  expect(await answered()).toMatchObject({ rows: 1, known: 1 })
  const passed = JSON.parse((await winst(['payout', '--on', '2025-07-31', '--json'], analyst)).stdout) as unknown
  expect(passed).toMatchObject({
    partners: [
      { partner_id: '', cents: 1000 },
      { partner_id: 'dc01', cents: 1000 },
      { partner_id: 'g1', cents: 3000, due_on: '2025-07-31' },
    ],
  })
  expect(await balances(of)).toEqual({ declared: -15_000, organisation: 1_000, passed_on: 4_000, receivable: 10_000 })
  const refused = await winst(['payout', '--on', '2025-07-31'], await env('partner'))
  expect([refused.status, refused.stderr]).toEqual([
    1,
    expect.stringContaining('The role partner may not pass on what came in'),
  ])
}, 600_000)
