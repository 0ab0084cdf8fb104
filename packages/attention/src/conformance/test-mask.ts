import { createReferenceBackend, Device } from '@qkv/tensor'
import { mismatch, type TestFunction } from '@qkv/tensor/conformance'
import { attendProjections } from '../attend-projections.ts'
import { noMask } from '../masks/mask.ts'
import type { AttentionPart, Projected } from '../part.ts'
import { completeComposition } from './sample-attention.ts'
import { sampleTensor, sampleValues } from './sample-values.ts'
import { type Idea, testIdea } from './test-idea.ts'

/** One query and one key by position, in one batch entry and head. */
export interface MaskPlace {
  readonly entry: number
  readonly head: number
  readonly query: number
  readonly key: number
}

/** The projected vectors by position, for masks that depend on them. */
export interface MaskVectors {
  query(entry: number, head: number, position: number): readonly number[]
  key(entry: number, head: number, position: number): readonly number[]
}

export interface MaskCase {
  readonly title: string
  readonly queries: number
  readonly keys: number
  /** Position of the first query; 0 unless said. */
  readonly queryStart?: number
  readonly call?: Idea['call']
  /** The paper's definition. */
  keeps(place: MaskPlace, vectors: MaskVectors): boolean
}

const [batch, heads, keyHeads, headSize, valueSize] = [2, 4, 2, 4, 3]

/**
 * Registers what a masking or selecting part must do: keep what its definition says, pair by pair, give the softmax over it, and
 * run as the one fused operation unless it selects by scores. `testIdea` holds the cases to account. Inputs have 2 entries, 4 heads
 * and 2 key heads of size 4.
 *
 * @example
 * testMask(() => causal(), { test, cases: [{ title: 'sees the past', queries: 5, keys: 5, keeps: ({ query, key }) => key <= query }] })
 */
export function testMask(
  create: () => AttentionPart,
  { test, cases }: { readonly test: TestFunction; readonly cases: readonly MaskCase[] },
): void {
  const { name } = create()
  testIdea(create, {
    test,
    ideas: cases.map((example) => ({
      title: example.title,
      inputs: (device) => inputsOf(device, example),
      call: (device) => ({ queryStart: example.queryStart ?? 0, ...example.call?.(device) }),
      expected: () => byLoops(example),
    })),
  })
  for (const example of cases) {
    test(`${name}: ${example.title}, pair by pair`, () => checkPairs(create(), example))
  }
  if (create().select) return
  test(`${name}: runs as the fused operation`, () => {
    const { unfusable } = completeComposition(create(), [])
    if (unfusable !== undefined) throw new Error(unfusable)
  })
}

function inputsOf(device: Device, { queries, keys }: MaskCase): Projected {
  return {
    query: sampleTensor(device, [batch, heads, queries, headSize], 2),
    key: sampleTensor(device, [batch, keyHeads, keys, headSize], 3),
    value: sampleTensor(device, [batch, keyHeads, keys, valueSize], 4),
  }
}

function checkPairs(part: AttentionPart, example: MaskCase): void {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const { beside = [], ...call } = example.call?.(device) ?? {}
  const { queries, keys, queryStart = 0 } = example
  let kept: { readonly shape: readonly number[]; readonly values: ArrayLike<number> } | undefined
  device.scoped(() => {
    const output = attendProjections(completeComposition(part, beside), inputsOf(device, example), {
      mask: noMask,
      queryStart,
      ...call,
      tap(site, tensor) {
        if (site === 'mask') kept = { shape: tensor.shape, values: tensor.readSync() }
        return tensor
      },
    })
    const found = mismatch(Array.from(output.readSync()), byLoops(example), {
      absolute: 1e-9,
      relative: 1e-9,
    })
    if (found) throw new Error(`stage by stage: ${found}`)
  })
  const shape = [1, 1, 1, 1, ...(kept?.shape ?? [])].slice(-4)
  const vectors = vectorsOf(example)
  for (const place of places(queries, keys, queryStart)) {
    const { entry, head, query, key } = place
    const index = [entry, head, query - queryStart, key].reduce(
      (flat, at, axis) => flat * shape[axis]! + (shape[axis] === 1 ? 0 : at),
      0,
    )
    const got = (kept?.values[index] ?? 1) === 1
    if (got !== example.keeps(place, vectors)) {
      throw new Error(
        `entry ${entry}, head ${head}: query ${query} ${got ? 'sees' : 'does not see'} key ${key}`,
      )
    }
  }
}

function places(queries: number, keys: number, queryStart: number): readonly MaskPlace[] {
  return Array.from({ length: batch * heads * queries * keys }, (_, index) => ({
    entry: Math.floor(index / (heads * queries * keys)),
    head: Math.floor(index / (queries * keys)) % heads,
    query: queryStart + (Math.floor(index / keys) % queries),
    key: index % keys,
  }))
}

function vectorsOf({ queries, keys, queryStart = 0 }: MaskCase): MaskVectors {
  const rows = (count: number, seed: number): readonly number[] => sampleValues(count * headSize, seed)
  const queryValues = rows(batch * heads * queries, 2)
  const keyValues = rows(batch * keyHeads * keys, 3)
  const row = (values: readonly number[], at: number): readonly number[] =>
    values.slice(at * headSize, (at + 1) * headSize)
  return {
    query: (entry, head, position) =>
      row(queryValues, (entry * heads + head) * queries + position - queryStart),
    key: (entry, head, position) =>
      row(keyValues, (entry * keyHeads + Math.floor((head * keyHeads) / heads)) * keys + position),
  }
}

/** The softmax over what is kept, one pair after the other. */
function byLoops(example: MaskCase): readonly number[] {
  const { queries, keys, queryStart = 0 } = example
  const vectors = vectorsOf(example)
  const values = sampleValues(batch * keyHeads * keys * valueSize, 4)
  const outputs: number[] = []
  for (let row = 0; row < batch * heads * queries; row++) {
    const [entry, head] = [Math.floor(row / (heads * queries)), Math.floor(row / queries) % heads]
    const query = queryStart + (row % queries)
    const asking = vectors.query(entry, head, query)
    const mixed = new Array<number>(valueSize).fill(0)
    let total = 0
    for (let key = 0; key < keys; key++) {
      if (!example.keeps({ entry, head, query, key }, vectors)) continue
      const product = vectors.key(entry, head, key).reduce((sum, x, column) => sum + x * asking[column]!, 0)
      const weight = Math.exp(product / Math.sqrt(headSize))
      const keyRow = (entry * keyHeads + Math.floor((head * keyHeads) / heads)) * keys + key
      for (let column = 0; column < valueSize; column++) {
        mixed[column]! += weight * values[keyRow * valueSize + column]!
      }
      total += weight
    }
    outputs.push(...mixed.map((sum) => (total === 0 ? 0 : sum / total)))
  }
  return outputs
}
