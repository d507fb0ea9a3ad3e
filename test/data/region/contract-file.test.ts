import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { contractFileOf, readContractFile } from '../../../data/region/contract-file.ts'
import { loadProgrammes } from '../../../data/region/programme-files.ts'

const programmes = await loadProgrammes()

const yaml = `# agreed in March
contract: north-2025
title: North 2025 # of the region
programme: dm2
period: {start: 2025-01-01, end: 2025-12-31}
reference: {start: 2021-01-01, end: 2024-12-31}
outcomes:
  - {measure: hba1c, price_eur: 12.50, horizon_days: 365, window_days: 120, baseline_days: 450}
share: {gain: 0.5, loss: 0.0}
`
const sha = (text: string): string => contractFileOf(text, 'c.yaml', programmes).contractSha256

describe('contract_sha256', () => {
  test('is the same for whatever says the same', () => {
    const lines = yaml.split('\n').filter((line) => line !== '')
    const [, , , , , , outcomes, outcome] = lines as [string, string, string, string, string, string, string, string]
    const others = lines.filter((line) => line !== outcomes && line !== outcome)
    expect(sha([outcomes, outcome, ...others.toReversed()].join('\n'))).toBe(sha(yaml))
    expect(sha(yaml.replaceAll(/#.*/g, '').replace('12.50', '12.5').replace('0.0', '0'))).toBe(sha(yaml))
    expect(sha(`${yaml}min_patients: 30\ntrend: none\n`)).toBe(sha(yaml))
    expect(sha(JSON.stringify(contractFileOf(yaml, 'c.yaml', programmes).document))).toBe(sha(yaml))
  })

  test.each([
    ['12.50', '12.51'],
    ['2025-12-31', '2025-12-30'],
    ['North 2025', 'North, 2025'],
    ['loss: 0.0', 'loss: 0.1'],
  ])('is another when %s becomes %s', (from, to) => {
    expect(sha(yaml.replace(from, to))).not.toBe(sha(yaml))
  })

  test('is 64 hexadecimal digits', () => expect(sha(yaml)).toMatch(/^[0-9a-f]{64}$/))
})

describe('a file that is refused', () => {
  const refusal = (text: string) => () => contractFileOf(text, 'c.yaml', programmes)

  test('for its syntax, with line and column', () => {
    expect(refusal('contract: a\ntitle: [b\n')).toThrow(/^c\.yaml, line 3, column 1: not valid YAML: /)
  })

  test('for a key that stands twice, with line and column', () => {
    expect(refusal(`${yaml}title: Again\n`)).toThrow(
      'c.yaml, line 10, column 1: not valid YAML: Map keys must be unique',
    )
  })

  test('for a tag it does not know', () => {
    expect(refusal(yaml.replace('12.50', '!money 12.50'))).toThrow(/c\.yaml, line 8, column \d+: not valid YAML/)
  })

  test('for aliases that grow without end', () => {
    const grown = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
    for (const [name, before] of ['ba', 'cb', 'dc', 'ed'].map((pair) => pair.split('') as [string, string]))
      grown.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(', ')}]`)
    expect(refusal(grown.join('\n'))).toThrow(/^c\.yaml is not valid YAML: .*alias.*; write the values out\.$/)
  })

  test('for saying nothing, or two things', () => {
    expect(refusal('')).toThrow(
      'c.yaml: contract without a name is refused: the document is an empty value; it must be',
    )
    expect(refusal(`${yaml}---\n${yaml}`)).toThrow(/^c\.yaml, line \d+, column 1: not valid YAML: /)
  })

  test('for a rule it breaks, naming the file', () => {
    expect(refusal(yaml.replace('12.50', '-1'))).toThrow(
      'c.yaml: contract north-2025 is refused: outcomes[0].price_eur is -1; it must be above 0.',
    )
  })

  test('if it is not there', async () => {
    const path = join(import.meta.dirname, 'no-such-contract.yaml')
    await expect(readContractFile(path, programmes)).rejects.toThrow(/no-such-contract\.yaml cannot be read \(ENOENT\)/)
  })
})
