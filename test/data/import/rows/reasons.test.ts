import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { worded } from '../../../../data/import/rows/reasons.ts'

const file = new URL('../../../../data/import/rows/reasons.json', import.meta.url)
const templates = JSON.parse(readFileSync(file, 'utf8')) as readonly Record<'en' | 'nl' | 'do_en' | 'do_nl', string>[]
const filled = (template: string): string => template.replaceAll(/\{day\}/g, '2023-03-05').replaceAll(/\{\w+\}/g, '7')

describe('every reason', () => {
  test.each(templates.map((template) => [template.en, template] as const))('%s', (_, template) => {
    expect(worded(filled(template.en), 'en')).toEqual({ reason: filled(template.en), advice: template.do_en })
    expect(worded(filled(template.en), 'nl')).toEqual({ reason: filled(template.nl), advice: template.do_nl })
  })
})

test('what it probably is, and the resource that it stands in, come along', () => {
  const reason =
    'outside the plausible range of hba1c, 20 to 200 mmol/mol; probably a value in % delivered as mmol/mol (Observation/mad)'
  expect(worded(reason, 'nl').reason).toBe(
    'buiten het aannemelijke bereik van hba1c, 20 to 200 mmol/mol; waarschijnlijk een waarde in %, geleverd als mmol/mol (Observation/mad)',
  )
  expect(worded('not 8 digits; probably 01012345, which lost its leading zero; left blank', 'nl').reason).toBe(
    'geen 8 cijfers; waarschijnlijk 01012345, zonder de voorloopnul; leeg gelaten',
  )
})
