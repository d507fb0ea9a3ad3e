/** A synthetic region with a known truth, in the files of the interface (interface.md 1). */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { epochDayOf } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { contractText } from './contract-text.ts'
import { levelAt, visitsOf } from './course.ts'
import { CsvFile } from './csv-file.ts'
import { CONTRACT_PERIOD, type SyntheticEffects } from './effects.ts'
import { MEASURE_MODELS, PAID_MEASURES } from './measures.ts'
import { indexStayOf, type Person, personOf } from './person.ts'
import { HOSPITAL, LABORATORY, type Region, regionOf, shiftOf } from './region.ts'
import {
  claimLines,
  conditionLines,
  enrolmentLines,
  HEADERS,
  iso,
  medicationLines,
  observationLines,
  patientLine,
} from './rows.ts'

export interface GenerateOptions {
  /** directory to write to; made if it is not there */
  readonly out: string
  readonly patients: number
  /** equal seeds give equal bytes */
  readonly seed: number
  /** default: good, absent and bad effects side by side (effects.ts) */
  readonly effects?: SyntheticEffects
}

export interface Generated {
  readonly out: string
  /** the contract to settle the region by */
  readonly contractFile: string
  readonly partners: number
  readonly patients: number
  readonly observations: number
}

type FileName = keyof typeof HEADERS
type Files = Record<FileName, CsvFile>

/** Writes a synthetic region: the eight files of a dataset, `truth.csv` and `contract.yaml`.
 *
 *  truth.csv, one row per patient with an index date in the contract's year and per paid measure: `effect`, what the
 *  partner adds to a reading a year after the index date (in the unit, as measured); `effect_gain`, the same with
 *  better as positive; `trend`, what everybody's readings have added; `level`, what the patient's readings vary around
 *  on the index date without either.
 *  @param progress called now and then with the patients written and in all
 *  @throws Refusal `invalid_effects` if an effect names a partner that the region does not have */
export async function generateRegion(
  options: GenerateOptions,
  progress?: (done: number, total: number) => void,
): Promise<Generated> {
  const { out, patients, seed } = options
  checkWhole('patients', patients, 1, 9_999_999)
  checkWhole('seed', seed, 0, 0xffffffff)
  const region = regionOf(patients, seed, options.effects)
  await mkdir(out, { recursive: true })
  const files = await openFiles(out)
  files['partners.csv'].add(partnerLines(region))
  files['quality.csv'].add(qualityLines(region))
  const counts = { observations: 0, nextClaim: 1 }
  for (let index = 0; index < patients; index++) {
    addPerson(files, region, seed, personOf(region, seed, index), counts)
    if (index % 100 !== 99) continue
    for (const file of Object.values(files)) await file.settle()
    progress?.(index + 1, patients)
  }
  for (const file of Object.values(files)) await file.close()
  const contractFile = join(out, 'contract.yaml')
  await writeFile(contractFile, contractText(region))
  progress?.(patients, patients)
  const partners = region.practices.length + region.contractPartners.length + region.controlPartners.length + 2
  return { out, contractFile, partners, patients, observations: counts.observations }
}

function checkWhole(name: string, value: number, lowest: number, highest: number): void {
  if (!Number.isInteger(value) || value < lowest || value > highest)
    throw new Refusal('invalid_option', `${name} is ${value}; it must be a whole number from ${lowest} to ${highest}.`)
}

async function openFiles(out: string): Promise<Files> {
  const files: Partial<Files> = {}
  for (const name of Object.keys(HEADERS) as FileName[])
    files[name] = await CsvFile.create(join(out, name), HEADERS[name])
  return files as Files
}

function addPerson(
  files: Files,
  region: Region,
  seed: number,
  person: Person,
  counts: { observations: number; nextClaim: number },
): void {
  const visits = visitsOf(region, seed, person)
  const claims = claimLines(region, person, visits, seed, counts.nextClaim)
  files['patients.csv'].add(patientLine(person))
  files['enrolments.csv'].add(enrolmentLines(person))
  files['observations.csv'].add(observationLines(person, visits, seed))
  files['conditions.csv'].add(conditionLines(region, person, seed))
  files['medications.csv'].add(medicationLines(region, person, seed))
  files['claims.csv'].add(claims.lines)
  files['truth.csv'].add(truthLines(region, person))
  counts.nextClaim = claims.next
  for (const { readings } of visits) counts.observations += readings.length
}

function truthLines(region: Region, person: Person): string {
  const index = indexStayOf(person, epochDayOf(CONTRACT_PERIOD.start))
  if (index === undefined) return ''
  const { indexOn, stay } = index
  const { practice } = stay
  let lines = ''
  for (const key of PAID_MEASURES) {
    const measure = MEASURE_MODELS.findIndex((model) => model.key === key)
    const effect = shiftOf(practice, measure, indexOn + 365, stay.startedOn)
    const trend = region.trend[measure] ?? 0
    // Lower is better for every paid measure.
    const gain = effect === 0 ? 0 : -effect
    const level = levelAt(measure, person, practice, indexOn).toFixed(3)
    lines += `${person.patientId},${practice.groupId},${practice.partnerId},${key},${iso(indexOn)},${effect},${gain},${trend},${level}\n`
  }
  return lines
}

function partnerLines(region: Region): string {
  const groups = [...region.contractPartners, ...region.controlPartners]
  const lines = groups.map((id, i) => `${id},Zorggroep ${id.slice(1)},care_group,53${String(900_000 + i)},`)
  for (const [i, { partnerId, groupId }] of region.practices.entries())
    lines.push(`${partnerId},Huisartsenpraktijk ${partnerId.slice(2)},gp_practice,01${String(800_000 + i)},${groupId}`)
  lines.push(
    `${LABORATORY},Diagnostisch centrum,diagnostic_centre,22990001,`,
    `${HOSPITAL},Streekziekenhuis,hospital,06990001,`,
  )
  return `${lines.join('\n')}\n`
}

/** Every fifth care group took no part in the benchmark; experience lies around the bar of the contract. */
function qualityLines(region: Region): string {
  const lines = [...region.contractPartners, ...region.controlPartners].flatMap((id, i) => [
    `${id},benchmark_participation,${i % 5 === 3 ? 'false' : 'true'},2025,benchmark 2025`,
    `${id},patient_experience,${(7.3 + ((i * 3) % 8) / 5).toFixed(1)},2025,patiëntervaring 2025`,
    `${id},main_practitioner_recorded,true,,`,
  ])
  return `${lines.join('\n')}\n`
}
