import pc from 'picocolors'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { lineDiff } from '../../cli/line-diff.ts'
import { count, table } from '../../cli/table.ts'

const plain = pc.createColors(false)

test('table() aligns columns and cuts what is empty at the end', () => {
  assert.is(
    table([
      ['a', 'long', 'x'],
      ['bbb', 'c', ''],
    ]),
    'a    long  x\nbbb  c',
  )
})

test('table() counts characters, not colours', () => {
  const red = pc.createColors(true).red('a')
  assert.is(
    table([
      [red, 'x'],
      ['bb', 'y'],
    ]),
    `${red}   x\nbb  y`,
  )
})

test('count() knows one from many', () => {
  assert.is(count(1, 'object'), '1 object')
  assert.is(count(1234, 'object'), '1,234 objects')
})

test('lineDiff() keeps the longest common lines', () => {
  assert.is(lineDiff('a\nb\nc', 'a\nx\nc\nd', plain), '  a\n- b\n+ x\n  c\n+ d')
  assert.is(lineDiff('', 'a', plain), '-\n+ a')
})

test('lineDiff() shows long texts as wholes', () => {
  const long = 'x\n'.repeat(1_001)
  assert.match(lineDiff(long, 'y', plain), /\n\+ y$/)
})

test.run()
