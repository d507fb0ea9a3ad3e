import { expect, test } from 'vitest'
import { progressOn } from '../../../api/cli/progress.ts'

function recorder(isTTY: boolean) {
  const written: string[] = []
  return { isTTY, columns: 80, write: (text: string) => written.push(text), written }
}

test('a log gets a plain line per quarter of a stage, not one per step', () => {
  const stream = recorder(false)
  const progress = progressOn(stream)
  for (let done = 0; done <= 16; done++) progress.stage('expect', done, 16)
  progress.stage('settle', 0, 0)
  progress.note('written to out')
  progress.close()
  expect(stream.written).toEqual([
    'expect: 4 of 16\n',
    'expect: 8 of 16\n',
    'expect: 12 of 16\n',
    'expect: 16 of 16\n',
    'settle: done\n',
    'written to out\n',
  ])
})

test('a terminal gets one bar that is drawn in place and ends its line when full', () => {
  const stream = recorder(true)
  const progress = progressOn(stream)
  progress.stage('window', 1, 2)
  progress.stage('window', 1, 2)
  progress.stage('window', 2, 2)
  expect(stream.written.filter((text) => text.includes('50%'))).toHaveLength(1)
  expect(stream.written.at(-1)).toMatch(/100%\n$/)
  expect(stream.written.join('').split('\n')).toHaveLength(2)
})

test('a note stands above an unfinished bar, and closing leaves a fresh line', () => {
  const stream = recorder(true)
  const progress = progressOn(stream)
  progress.stage('train', 1, 4)
  progress.note('hba1c: linear')
  progress.close()
  const text = stream.written.join('')
  expect(text).toContain('hba1c: linear\n')
  expect(text.endsWith('25%\n')).toBe(true)
})
