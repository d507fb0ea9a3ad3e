import { describe, expect, test } from 'vitest'
import { measuresOf, programmeOf, programmesOf } from '../../../engine/contract/programme-rules.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'

const weight = { title: { nl: 'Gewicht', en: 'Weight' }, unit: 'kg', better: 'window', plausible: [20, 350] }
const document = (name: string, measures: Record<string, unknown>) => ({ programme: name, title: 'x', measures })

const messageOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
  throw new Error('it was accepted')
}

describe('programmeOf', () => {
  test('fills in what is optional', () => {
    expect(programmeOf(document('heart', { weight }))).toEqual({
      programme: 'heart',
      title: { nl: 'x', en: 'x' },
      conditions: {},
      measures: [{ key: 'weight', ...weight, codes: {}, convert: {} }],
    })
  })

  test('reads codes printed as numbers, and conversions without an offset', () => {
    const measure = { ...weight, step: 0.1, mcid: 1.5, codes: { NHG: [357] }, convert: { g: { scale: 0.001 } } }
    const [read] = programmeOf({
      ...document('heart', { weight: measure }),
      conditions: { 'ICPC-1': ['K77'] },
    }).measures
    expect(read).toMatchObject({
      step: 0.1,
      mcid: 1.5,
      codes: { NHG: ['357'] },
      convert: { g: { scale: 0.001, offset: 0 } },
    })
  })

  test.each([
    [{ programme: 'a b', title: 'x', measures: { weight } }, 'programme is "a b"; a key starts with a letter'],
    [{ title: 'x', measures: { weight } }, 'programme is nothing; this key is required'],
    [{ programme: 'a', title: { nl: 'x' }, measures: { weight } }, 'title.en is nothing; this key is required'],
    [{ programme: 'a', title: 'x', measures: {} }, 'measures is a mapping; it must have a measure'],
    [{ programme: 'a', title: 'x', measures: [weight] }, 'measures is a list of 1; it must be a mapping of measure'],
    [document('a', { weight: { ...weight, unit: undefined } }), 'measures.weight.unit is nothing; it must be a text'],
    [document('a', { weight: { ...weight, better: 'up' } }), 'it must be one of lower, higher, window'],
    [
      document('a', { weight: { ...weight, plausible: [350, 20] } }),
      'measures.weight.plausible is [350, 20]; the lowest',
    ],
    [document('a', { weight: { ...weight, mcid: 0 } }), 'measures.weight.mcid is 0; it must be above 0'],
    [document('a', { weight: { ...weight, step: -1 } }), 'measures.weight.step is -1; it must be above 0'],
    [
      document('a', { weight: { ...weight, step: 100 } }),
      'measures.weight.step is 100; a whole number of steps must lead from 20 to 350',
    ],
    [document('a', { weight: { ...weight, colour: 1 } }), 'measures.weight.colour is 1; this key is unknown'],
    [document('a', { weight: { ...weight, convert: { g: { scale: 0 } } } }), 'convert.g.scale is 0; it must not be 0'],
    [
      document('a', { weight: { ...weight, codes: { NHG: [] } } }),
      'codes.NHG is a list of 0; it must be a list of codes',
    ],
    [document('a', { '1st': weight }), 'measures.1st is the key "1st"; a key starts with a letter'],
  ])('refuses %j', (given, sentence) => {
    expect(messageOf(() => programmeOf(given))).toContain(sentence)
  })
})

describe('programmesOf', () => {
  const builtIn = [
    programmeOf(document('heart', { weight, sbp: { ...weight, unit: 'mmHg' } })),
    programmeOf(document('diabetes', { weight })),
  ]
  const heavy = { ...weight, plausible: [30, 300] }

  test('a definition of the dataset holds in every programme, and keeps the other measures', () => {
    const programmes = programmesOf(builtIn, [
      { file: 'a.yaml', programme: programmeOf(document('heart', { weight: heavy })) },
    ])
    expect([...programmes.keys()]).toEqual(['diabetes', 'heart'])
    expect(programmes.get('heart')?.measures.map(({ key, plausible }) => [key, plausible])).toEqual([
      ['weight', [30, 300]],
      ['sbp', [20, 350]],
    ])
    expect(programmes.get('diabetes')?.measures[0]?.plausible).toEqual([30, 300])
    expect([...measuresOf(programmes).keys()]).toEqual(['sbp', 'weight'])
  })

  test('a new programme of the dataset changes the built-in measures it redefines', () => {
    const programmes = programmesOf(builtIn, [
      { file: 'a.yaml', programme: programmeOf(document('new', { weight: heavy })) },
    ])
    expect(
      [...programmes.values()].map(({ measures }) => measures.find(({ key }) => key === 'weight')?.plausible),
    ).toEqual([
      [30, 300],
      [30, 300],
      [30, 300],
    ])
  })

  test('two different definitions of one measure in a dataset are refused, equal ones are not', () => {
    const file = (name: string, measure: unknown) => ({
      file: `${name}.yaml`,
      programme: programmeOf(document(name, { weight: measure })),
    })
    expect(messageOf(() => programmesOf(builtIn, [file('one', weight), file('two', heavy)]))).toContain(
      'Measure weight is defined in one.yaml and differently in two.yaml',
    )
    expect(programmesOf(builtIn, [file('one', heavy), file('two', heavy)]).size).toBe(4)
  })

  test('one programme in two files is refused', () => {
    const programme = programmeOf(document('new', { weight }))
    const files = ['a.yaml', 'b.yaml'].map((file) => ({ file, programme }))
    expect(messageOf(() => programmesOf(builtIn, files))).toContain('Programme new is defined in a.yaml and in b.yaml')
  })
})
