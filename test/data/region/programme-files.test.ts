import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { builtInProgrammes, datasetProgrammes, loadProgrammes } from '../../../data/region/programme-files.ts'
import { canonicalJson } from '../../../engine/kernel/canonical.ts'

const folder = await mkdtemp(join(tmpdir(), 'programmes-'))
afterAll(() => rm(folder, { recursive: true }))

/** A dataset directory with these programme files. */
async function dataset(name: string, files: Record<string, string>): Promise<string> {
  await mkdir(join(folder, name, 'programmes'), { recursive: true })
  for (const [file, yaml] of Object.entries(files)) await writeFile(join(folder, name, 'programmes', file), yaml)
  return join(folder, name)
}

// Unit, better, plausible, as the public interface names them.
const measures = {
  hba1c: 'mmol/mol lower 20 200',
  sbp: 'mmHg lower 40 300',
  dbp: 'mmHg lower 20 200',
  ldl: 'mmol/L lower 0.1 20',
  bmi: 'kg/m2 lower 8 100',
  egfr: 'mL/min/1.73m2 higher 1 200',
  acr: 'mg/mmol lower 0.05 3000',
  eq5d: '{utility} higher -0.446 1',
  ccq: '{score} lower 0 6',
  mrc: '{score} lower 1 5',
  cat: '{score} lower 0 40',
  exac: '/a lower 0 30',
  fev1pp: '% higher 5 180',
  acq: '{score} lower 0 6',
  act: '{score} higher 5 25',
  nyha: '{class} lower 1 4',
  kccq: '{score} higher 0 100',
  hospdays: 'd/a lower 0 366',
  tfi: '{score} lower 0 15',
  katz15: '{score} lower 0 15',
  oq45: '{score} lower 0 180',
  honos: '{score} lower 0 48',
  usedays: 'd/30d lower 0 30',
  weight: 'kg window 20 350',
}
const vascular: (keyof typeof measures)[] = ['sbp', 'dbp', 'ldl', 'bmi', 'egfr', 'eq5d']
const programmes: Record<string, (keyof typeof measures)[]> = {
  af_hf: ['nyha', 'kccq', 'sbp', 'egfr', 'hospdays', 'eq5d'],
  astma: ['acq', 'act', 'exac', 'eq5d'],
  copd: ['ccq', 'mrc', 'cat', 'exac', 'fev1pp', 'eq5d'],
  dm2: ['hba1c', 'sbp', 'dbp', 'ldl', 'bmi', 'egfr', 'acr', 'eq5d'],
  ggz_verslaving: ['oq45', 'honos', 'usedays'],
  hvz: vascular,
  kwetsbare_ouderen: ['tfi', 'katz15', 'hospdays', 'eq5d'],
  telebegeleiding_hf: ['kccq', 'nyha', 'hospdays', 'eq5d', 'weight'],
  vvr: vascular,
}

describe('the built-in programmes', () => {
  test('are the ones of the interface, with its units, directions and plausible ranges', async () => {
    const found = (await builtInProgrammes()).map(({ programme, measures }) => [
      programme,
      measures.map(({ key, unit, better, plausible }) => `${key} ${unit} ${better} ${plausible.join(' ')}`),
    ])
    const expected = Object.entries(programmes).map(([programme, keys]) => [
      programme,
      keys.map((key) => `${key} ${measures[key]}`),
    ])
    expect(found).toEqual(expected)
  })

  test('mean one thing by a measure key', async () => {
    const definitions = new Map<string, string>()
    for (const { programme, measures } of await builtInProgrammes())
      for (const measure of measures) {
        const text = canonicalJson(measure)
        expect(definitions.get(measure.key) ?? text, `${measure.key} in ${programme}`).toBe(text)
        definitions.set(measure.key, text)
      }
  })

  test('have titles in Dutch and English, and conditions in ICPC', async () => {
    for (const { programme, title, conditions } of await builtInProgrammes()) {
      expect(
        [title.nl, title.en].every((text) => text !== ''),
        programme,
      ).toBe(true)
      expect(
        conditions['ICPC-1']?.every((code) => /^[A-Z]\d{2}(\.\d{2})?$/.test(code)),
        programme,
      ).toBe(true)
    }
  })

  test('convert what laboratories write', async () => {
    const dm2 = (await loadProgrammes()).get('dm2')
    const converted = (key: string, unit: string, x: number): number => {
      const conversion = dm2?.measures.find((measure) => measure.key === key)?.convert[unit]
      return conversion === undefined ? Number.NaN : conversion.scale * x + conversion.offset
    }
    expect(converted('hba1c', '%', 7)).toBeCloseTo(53.01, 2)
    expect(converted('ldl', 'mg/dL', 100)).toBeCloseTo(2.586, 3)
    expect(converted('acr', 'mg/g', 30)).toBeCloseTo(3.39, 2)
  })
})

describe('the programmes of a dataset', () => {
  test('none, where it has no such directory', async () => {
    expect(await datasetProgrammes(join(folder, 'nowhere'))).toEqual([])
  })

  test('override the built-in measure in every programme', async () => {
    const yaml = `programme: own
title: Own
measures:
  sbp: {title: Pressure, unit: kPa, better: lower, plausible: [5, 40]}
`
    const all = await loadProgrammes(await dataset('override', { 'own.yaml': yaml }))
    for (const name of ['own', 'dm2', 'hvz', 'vvr', 'af_hf'])
      expect(all.get(name)?.measures.find(({ key }) => key === 'sbp')?.unit, name).toBe('kPa')
    expect(all.size).toBe(10)
  })

  test('a fault is reported with the name of its file', async () => {
    const broken = await dataset('broken', { 'one.yaml': 'programme: one\ntitle: One\nmeasures: {a: 3}\n' })
    await expect(loadProgrammes(broken)).rejects.toThrow(
      /one\.yaml: programme one is refused.*measures\.a is 3; it must/,
    )
    const syntax = await dataset('syntax', { 'two.yml': 'programme: two\n  title: [\n' })
    await expect(loadProgrammes(syntax)).rejects.toThrow(/two\.yml, line 1, column 12: not valid YAML/)
  })
})
