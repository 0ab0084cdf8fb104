import { describe, expect, it } from 'vitest'
import { CheckpointError, quote } from './checkpoint-error.ts'

describe('CheckpointError', () => {
  it('is a sentence of its parts, which are fields too', () => {
    const cause = new Error('below')
    const error = new CheckpointError({
      operation: 'readSafetensors',
      source: 'model.safetensors',
      tensor: 'weight',
      field: 'shape',
      got: 'is [2, -1]',
      expected: 'whole numbers of 0 or more',
      fix: 'Save it again.',
      cause,
    })
    expect(error.message).toBe(
      'readSafetensors: tensor "weight", shape of model.safetensors is [2, -1], expected whole numbers of 0 or more. Save it again.',
    )
    expect(error).toMatchObject({
      name: 'CheckpointError',
      source: 'model.safetensors',
      tensor: 'weight',
      cause,
    })
    expect(error).toMatchObject({ field: 'shape', argument: 'tensor "weight", shape of model.safetensors' })
  })

  it('names only the source if there is nothing smaller to name', () => {
    const parts = { operation: 'read', source: 'a.bin', got: 'is empty', expected: 'bytes', fix: 'Fill it.' }
    expect(new CheckpointError(parts).message).toBe('read: a.bin is empty, expected bytes. Fill it.')
    expect('cause' in new CheckpointError(parts)).toBe(false)
  })
})

describe('quote', () => {
  it('keeps any name on one short line', () => {
    expect(quote('a"b\n')).toBe(String.raw`"a\"b\n"`)
    expect(quote('x'.repeat(1000))).toBe(`"${'x'.repeat(80)}..."`)
  })
})
