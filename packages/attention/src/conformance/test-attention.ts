import {
  type Backend,
  createReferenceBackend,
  type Device,
  mul,
  slice,
  sum,
  type Tensor,
  valueAndGrad,
} from '@qkv/tensor'
import { mismatch, type TestFunction } from '@qkv/tensor/conformance'
import { createCache } from '../caches/create-cache.ts'
import { builtInParts, type PartFactory } from '../resolve-parts.ts'
import type { AttentionPart } from '../part.ts'
import { changesOfPadding, mismatchOfReal, samplePadding } from './padded-sample.ts'
import {
  causalParts,
  completeComposition,
  createSample,
  paddedParts,
  type SampleAttention,
  sampleInput,
  sampleSizes,
} from './sample-attention.ts'
import { sampleValues } from './sample-values.ts'
import { unplainValue } from './unplain-value.ts'

/** A backend by its name, or by a function that makes it. */
export type TestedBackend =
  | (() => Backend | Promise<Backend>)
  | { readonly name: string; readonly create: () => Backend | Promise<Backend> }

export interface TestAttentionOptions {
  readonly test: TestFunction
  /** Backends that must agree with the float64 reference. */
  readonly backends?: readonly TestedBackend[]
  /** What makes the part from its options, as a config does; parts of this package are found by name. */
  readonly factory?: PartFactory
}

const float64 = (): Backend => createReferenceBackend({ precision: 'float64' })
const { batch, length, width } = sampleSizes
const exact = { absolute: 1e-12, relative: 1e-10 }
/** Of finite differences: with ten times as much, the curve of a norm of small rows is seen; rounding takes about 1e-9 of the result. */
const step = 1e-6

/**
 * Registers the tests that any attention part must pass, also one of another package: shape, gradients against
 * finite differences, no leak from the future, padding ignored, weights that sum to one, cached equals full (a recurrence
 * equals its parallel form), fused equals stage by stage, plain options, backends agree, no buffer left. What a part declares
 * decides which of them mean anything for it. Parameters are moved from where they start, so that nothing hides behind a zero.
 *
 * @example
 * import { test } from 'vitest'
 * testAttention(() => myPart({ size: 2 }), { test, factory: myPart })
 */
export function testAttention(
  create: () => AttentionPart,
  { test, backends = [], factory }: TestAttentionOptions,
): void {
  const { name } = create()
  const again = factory ?? builtInParts.get(name)
  test(`${name}: the output has the shape of the input`, () => {
    const output = run(create(), (model, x) => model.forward(x))
    const rows = create().outputs ?? length
    if (output.length !== batch * rows * width) throw new Error(`got ${output.length} elements`)
  })
  test(`${name}: gradients equal finite differences`, () => checkGradients(create()))
  test(`${name}: with causal, no query sees a later position`, () => checkCausality(create()))
  test(`${name}: with padding, filled-up keys change nothing`, () => checkPadding(create()))
  test(`${name}: weights sum to one`, () => checkWeights(create()))
  test(`${name}: cached equals full`, () => checkCache(create()))
  test(`${name}: the fused operation equals the stages`, () => checkFused(create()))
  test(`${name}: its options are plain data`, () => void plainOptions(create()))
  if (again) test(`${name}: is made again from its options`, () => checkMadeAgain(create(), again))
  test(`${name}: leaves no buffer behind`, () => checkBuffers(create()))
  for (const [index, backend] of backends.entries()) {
    const tested = typeof backend === 'function' ? { name: `backend ${index}`, create: backend } : backend
    test(`${name}: ${tested.name} agrees with the reference`, async () => {
      await checkBackend(create(), await tested.create())
    })
  }
}

function run(part: AttentionPart, compute: (model: SampleAttention, x: Tensor) => Tensor): ArrayLike<number> {
  const { device, model } = createSample(float64(), completeComposition(part, []))
  return device.scoped(() => compute(model, sampleInput(device)).readSync())
}

function fail(problem: string | null): void {
  if (problem) throw new Error(problem)
}

function checkGradients(part: AttentionPart): void {
  const { device, model } = createSample(float64(), completeComposition(part, []))
  const weights = device.retain(
    device.tensor(sampleValues(batch * model.outputs * width, 5), { shape: [batch, model.outputs, width] }),
  )
  const input = device.retain(sampleInput(device))
  const loss = (): Tensor => sum(mul(model.forward(input), weights))
  const parameters = [...model.parameters().entries()]
  device.scoped(() => {
    const tensors = [input, ...parameters.map(([, parameter]) => parameter.value)]
    const analytic = valueAndGrad(loss, tensors).gradients.map((gradient) => [...gradient.readSync()])
    for (const [position, [path, parameter]] of parameters.entries()) {
      const original = parameter.value.readSync()
      const differences = Array.from(original, (_, index) => {
        const shifted = (by: number): number =>
          device.scoped(() => {
            const values = original.slice()
            values[index]! += by
            parameter.assign(device.tensor(values, { shape: parameter.shape }))
            return loss().readSync()[0]!
          })
        return (shifted(step) - shifted(-step)) / (2 * step)
      })
      parameter.assign(device.tensor(original, { shape: parameter.shape }))
      const found = mismatch(analytic[position + 1]!, differences, { absolute: 1e-7, relative: 1e-6 })
      fail(found && `gradient of ${path}: ${found}`)
    }
  })
}

function checkCausality(part: AttentionPart): void {
  if (!takes(part, causalParts)) return
  const { device, model } = createSample(float64(), completeComposition(part, causalParts))
  const full = device.scoped(() => model.forward(sampleInput(device)).readSync())
  for (let position = 1; position < length; position++) {
    const changes = new Map(
      sampleValues(width, 9).map((value, column) => [position * width + column, value * 3]),
    )
    const changed = device.scoped(() => model.forward(sampleInput(device, changes)).readSync())
    const before = position * width
    const found = mismatch(changed.slice(0, before), full.slice(0, before), exact)
    fail(found && `a change at position ${position} was seen before it: ${found}`)
  }
}

/** Whatever filled-up positions hold, the others give the same; beside `causal`, too, where another stage may run. */
function checkPadding(part: AttentionPart): void {
  for (const further of [paddedParts, [...paddedParts, ...causalParts]]) {
    if (!takes(part, further)) continue
    const { device, model } = createSample(float64(), completeComposition(part, further))
    const [original, changed] = [new Map<number, number>(), changesOfPadding()].map((changes) =>
      device.scoped(() =>
        model.forward(sampleInput(device, changes), { side: { padding: samplePadding(device) } }).readSync(),
      ),
    )
    // Outputs that are no query's all mean something.
    const compare = part.outputs === undefined ? mismatchOfReal : mismatch
    const found = compare(changed!, original!, exact)
    fail(found && `beside ${further.map(({ name }) => name).join(' and ')}: ${found}`)
  }
}

function checkWeights(part: AttentionPart): void {
  if (part.normalize || part.mix) return
  const further = takes(part, causalParts) ? causalParts : []
  const { device, model } = createSample(float64(), completeComposition(part, further))
  device.scoped(() => {
    let sums: number[] = []
    model.forward(sampleInput(device), {
      tap(site, tensor) {
        if (site === 'weights') sums = Array.from(sum(tensor, { axis: -1 }).readSync())
        return tensor
      },
    })
    fail(mismatch(sums, new Array<number>(sums.length).fill(1), exact))
    if (sums.length < batch * model.outputs) throw new Error(`got ${sums.length} rows of weights`)
  })
}

function checkCache(part: AttentionPart): void {
  if (part.cacheable === false || !takes(part, causalParts)) return
  checkCacheBeside(part, causalParts, () => ({}), mismatch)
  if (!takes(part, paddedParts)) return
  const sideOf = (device: Device, count: number): Record<string, Tensor> => ({
    padding: samplePadding(device, count),
  })
  checkCacheBeside(part, [...causalParts, ...paddedParts], sideOf, mismatchOfReal)
}

/** `sideOf` gives the side inputs of the first positions, `compare` compares outputs from a position on. */
function checkCacheBeside(
  part: AttentionPart,
  further: readonly AttentionPart[],
  sideOf: (device: Device, count: number) => Readonly<Record<string, Tensor>>,
  compare: typeof mismatchOfReal,
): void {
  const composition = completeComposition(part, further)
  const { device, model } = createSample(float64(), composition)
  const full = device.scoped(() =>
    model.forward(sampleInput(device), { side: sideOf(device, length) }).readSync(),
  )
  const cache = createCache(composition)
  // Two positions at once first, then one by one.
  for (const [start, size] of [
    [0, 2],
    [2, 1],
    [3, 1],
    [4, 1],
  ] as const) {
    device.scoped(() => {
      const x = slice(sampleInput(device), [{}, { start, size }])
      const got = model.forward(x, { cache, side: sideOf(device, start + size) }).readSync()
      const wanted = Array.from({ length: batch }, (_, row) => {
        const first = (row * length + start) * width
        return Array.from(full.slice(first, first + size * width))
      }).flat()
      const found = compare(got, wanted, exact, start)
      fail(found && `beside ${further.map(({ name }) => name).join(' and ')}, at position ${start}: ${found}`)
    })
  }
  cache.dispose()
}

function checkFused(part: AttentionPart): void {
  const composition = completeComposition(part, takes(part, causalParts) ? causalParts : [])
  if (composition.unfusable !== undefined) return
  const { device, model } = createSample(float64(), composition)
  const names: string[] = []
  device.observe({ enter: ({ op, depth }) => void (depth === 0 && names.push(op.name)) })
  device.scoped(() => {
    const x = sampleInput(device)
    const fused = model.forward(x).readSync()
    if (!names.includes('qkv/attention'))
      throw new Error(`the fused operation did not run: ${names.join(', ')}`)
    const staged = model.forward(x, { tap: (_, tensor) => tensor }).readSync()
    fail(mismatch(staged, fused, exact))
  })
}

/** What a config holds of a part's options. */
function plainOptions({ options = {} }: AttentionPart): object {
  fail(unplainValue(options, 'options'))
  return JSON.parse(JSON.stringify(options)) as object
}

/** A config gives the same part again: the same declarations, and the same results. */
function checkMadeAgain(part: AttentionPart, factory: PartFactory): void {
  const again = factory(plainOptions(part) as never)
  // Functions are left out, data is compared.
  if (JSON.stringify(again) !== JSON.stringify(part))
    throw new Error(`its options make another part: ${JSON.stringify(again)}`)
  const [got, wanted] = [again, part].map((made) => run(made, (model, x) => model.forward(x)))
  const found = mismatch(Array.from(got!), Array.from(wanted!), exact)
  fail(found && `its options make a part of other results: ${found}`)
}

/** Whether a part can be composed with others. */
function takes({ excludes = {} }: AttentionPart, others: readonly AttentionPart[]): boolean {
  return others.every(({ name }) => excludes[name] === undefined)
}

function checkBuffers(part: AttentionPart): void {
  const further = takes(part, causalParts) ? causalParts : []
  const { device, model } = createSample(float64(), completeComposition(part, further))
  const before = device.memory().liveBuffers
  device.scoped(() => {
    const x = sampleInput(device)
    valueAndGrad(() => sum(model.forward(x)), [x])
  })
  const left = device.memory().liveBuffers - before
  if (left !== 0) throw new Error(`${left} buffers were left behind`)
}

async function checkBackend(part: AttentionPart, backend: Backend): Promise<void> {
  const wanted = run(part, (model, x) => model.forward(x))
  const { device, model } = createSample(backend, completeComposition(part, []))
  try {
    const { relativeTolerance } = backend.capabilities
    const output = device.scoped(() => model.forward(sampleInput(device)))
    const got = await output.read()
    output.dispose()
    // Every stage rounds once more, so that errors add up to more than those of one operation.
    const tolerance = { absolute: relativeTolerance * 20, relative: relativeTolerance * 20 }
    fail(mismatch(got, Array.from(wanted), tolerance))
  } finally {
    model.dispose()
    await device.dispose()
  }
}
