/** What a region may be called: nothing that is a path, a line of a log or a second way to write the same name. */
import { describe, expect, test } from 'vitest'
import { regionNameOf } from '../../../data/region/region-name.ts'

describe('the name of a region', () => {
  test.each(['noord', 'Noord-Holland_2025', 'region.2025', '7', '-', 'Fryslân', 'Noord Holland', 'a'.repeat(64)])(
    'may be %s',
    (name) => expect(regionNameOf(name)).toBe(name),
  )

  test.each([
    '../../x',
    '..',
    '.winst',
    '/etc',
    'a/b',
    'a\\b',
    'a  b',
    ' a',
    'a ',
    'a\tb',
    'a\u00a0b',
    'a\nb',
    'a\0b',
    'a:b',
    '<b>',
    "a'b",
    'a\u202eb',
    'a'.repeat(65),
  ])('may not be %j', (name) =>
    expect(() => regionNameOf(name)).toThrow(expect.objectContaining({ code: 'invalid_region' })),
  )

  test('is not left out', () => expect(() => regionNameOf(' ')).toThrow(expect.objectContaining({ code: 'no_region' })))

  test('is one name, however its accents are composed', () =>
    expect(regionNameOf('Frysla\u0302n')).toBe(regionNameOf('Frysl\u00e2n')))

  test('is repeated in one short line when it is refused', () => {
    const text = `a\n${'x'.repeat(1000)}`
    expect(() => regionNameOf(text)).toThrow(/^"a\\nx{62}…" is no name for a region: /)
  })
})
