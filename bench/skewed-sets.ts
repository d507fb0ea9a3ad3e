/** Scores, classes, counts and skewed measures with known laws, as datasets of the interface: what a region seldom has enough of to judge models by. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomOf, type Random } from '../engine/kernel/random.ts'
import { dayOf } from '../engine/kernel/calendar.ts'

interface Law {
  readonly plausible: readonly [number, number]
  readonly step?: number
  /** a reading of a person at `level`, in a year of its own: both standard normal */
  readonly draw: (random: Random, level: number, year: number) => number
}

const laws: Readonly<Record<string, Law>> = {
  hip_score: { plausible: [0, 48], step: 1, draw: (_, level, year) => Math.round(42 + 6 * level + 4 * year) },
  nyha: { plausible: [1, 4], step: 1, draw: (_, level, year) => classOf(level + 0.6 * year) },
  exac: { plausible: [0, 30], draw: (random, level, year) => poisson(random, Math.exp(-1.1 + 0.9 * level + 0.4 * year)) }, // prettier-ignore
  hospdays: { plausible: [0, 366], draw: (random, level, year) => daysOf(random, level, Math.exp(-1.5 + 0.9 * level + 0.5 * year)) }, // prettier-ignore
  acr: { plausible: [0.05, 3000], draw: (_, level, year) => Math.round(10 * Math.exp(0.5 + 1.3 * level + 0.6 * year)) / 10 }, // prettier-ignore
}

const classOf = (x: number): number => 1 + [-0.6, 0.5, 1.5].filter((bound) => x > bound).length

function poisson(random: Random, mean: number): number {
  let [count, sum] = [0, -Math.log(1 - random.uniform())]
  for (; sum < mean; sum -= Math.log(1 - random.uniform())) count++
  return count
}

/** Stays of a day and more, longer for who is worse. */
function daysOf(random: Random, level: number, stays: number): number {
  let days = 0
  for (let stay = poisson(random, stays); stay > 0; stay--)
    days += 1 + Math.floor(-5 * Math.exp(0.3 * level) * Math.log(1 - random.uniform()))
  return days
}

const seeds = [11, 12]

/** Writes each law twice, by two seeds: three to six yearly readings a patient.  @returns what `setOf` reads */
export async function writeSkewedSets(place: string, patients: number): Promise<string[]> {
  const sets: string[] = []
  for (const [at, [measure, law]] of Object.entries(laws).entries())
    for (const seed of seeds) {
      const dir = join(place, `${measure}-${seed}`)
      await mkdir(join(dir, 'programmes'), { recursive: true })
      for (const [file, text] of Object.entries(filesOf(measure, law, patients, 1000 * seed + at)))
        await writeFile(join(dir, file), text)
      sets.push(`${dir},measure=${measure}`)
    }
  return sets
}

const firstDay = 18628

function filesOf(
  measure: string,
  { plausible, step, draw }: Law,
  patients: number,
  seed: number,
): Record<string, string> {
  const ids = Array.from({ length: patients }, (_, i) => `s${String(i).padStart(6, '0')}`)
  const kept = (y: number): number => Math.min(plausible[1], Math.max(plausible[0], y))
  const readings = ids.flatMap((id, patient) => {
    const random = randomOf(seed, patient)
    const level = random.normal()
    return Array.from({ length: 3 + random.below(4) }, (_, year) => {
      const day = firstDay + 365 * year + random.below(60)
      return `${id},${measure},${dayOf(day)},${kept(draw(random, level, random.normal()))},1`
    })
  })
  const lines = (head: string, rows: readonly string[]): string => `${[head, ...rows].join('\n')}\n`
  return {
    'partners.csv': lines('partner_id,name,kind', ['p01,p01,hospital']),
    'patients.csv': lines('patient_id,birth_year,sex', ids.map((id, i) => `${id},${1930 + (i % 50)},${'fm'[i % 2]}`)), // prettier-ignore
    'enrolments.csv': lines('patient_id,programme,partner_id,started_on', ids.map((id) => `${id},study,p01,2021-01-01`)), // prettier-ignore
    'observations.csv': lines('patient_id,measure,observed_on,value,unit', readings),
    'programmes/study.yaml': `programme: study
title: { nl: study, en: study }
measures:
  ${measure}:
    title: { nl: ${measure}, en: ${measure} }
    unit: '1'
    better: lower
    plausible: [${plausible.join(', ')}]
${step === undefined ? '' : `    step: ${step}\n`}`,
  }
}
