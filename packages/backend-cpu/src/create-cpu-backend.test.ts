import {
  add,
  type Backend,
  crossEntropy,
  Device,
  donate,
  gelu,
  layerNorm,
  linear,
  mul,
  openDevice,
  sum,
  type Tensor,
  updateSlice,
  valueAndGrad,
} from '@qkv/tensor'
import { describe, expect, test, vi } from 'vitest'
import { cpu, createCpuBackend, describeCpuBackend } from './index.ts'
import { builds } from './testing/compare.ts'
import { webAssembly } from './wasm/web-assembly.ts'

const refusedByPolicy =
  "the page's content-security policy refused WebAssembly: allow it with `script-src 'wasm-unsafe-eval'`"

test('opens by name', async () => {
  const device = await openDevice({ backend: 'cpu', plugins: [cpu()] })
  expect(device.selection?.chosen).toBe('cpu')
  expect([...add(device.tensor([1, 2]), 3).readSync()]).toEqual([4, 5])
  await device.dispose()
})

describe('which kernels run', () => {
  test('the fastest that the platform has, unless one is asked for', () => {
    expect(createCpuBackend({ threads: 1 }).description).toMatchObject({
      simd: 'relaxed',
      threads: 1,
      reasons: [],
    })
    for (const simd of builds) expect(createCpuBackend({ simd }).description.simd).toBe(simd)
  })

  test('a count of threads that is none is refused', () => {
    for (const threads of [0, -1, 1.5, Number.NaN])
      expect(() => createCpuBackend({ threads })).toThrow(
        `cpu: 'threads' is ${threads}, expected a whole number of at least 1`,
      )
  })

  test('a decorator that spreads the backend keeps its description', () => {
    const decorated = { ...createCpuBackend({ simd: 'plain' }) }
    expect(describeCpuBackend(decorated)?.simd).toBe('plain')
    expect(describeCpuBackend({ ...decorated, name: 'other' })).toBeUndefined()
  })

  test('without SIMD the TypeScript kernels run, and the description says why', () => {
    const validate = vi.spyOn(webAssembly, 'validate').mockReturnValue(false)
    try {
      const backend = createCpuBackend({ threads: 2 })
      expect(backend.description.simd).toBe('none')
      expect(backend.description.reasons).toEqual([
        'the platform has no relaxed SIMD',
        'the platform has no SIMD',
        'further threads need the WebAssembly kernels',
      ])
      const device = new Device(backend)
      expect([...add(device.tensor([1, 2]), 3).readSync()]).toEqual([4, 5])
      expect(() => createCpuBackend({ simd: 'plain' })).toThrow(
        "cpu: 'simd' is 'plain', but the platform has no SIMD",
      )
    } finally {
      validate.mockRestore()
    }
  })

  test('memory that is not shared, as on pages without isolation, runs the same kernels', () => {
    const { Memory } = webAssembly
    const refusing = vi.spyOn(webAssembly, 'Memory').mockImplementation(function refuse(options) {
      if (options.shared) throw new Error('no shared memory here')
      return new Memory(options)
    })
    try {
      const backend = createCpuBackend({ threads: 2 })
      expect(backend.description).toMatchObject({
        simd: 'relaxed',
        threads: 1,
        reasons: [
          'further threads need shared memory: serve the page cross-origin isolated, with the headers `Cross-Origin-Opener-Policy: same-origin` and `Cross-Origin-Embedder-Policy: require-corp`',
        ],
        sharedMemory: false,
      })
      const device = new Device(backend)
      const x = device.tensor(new Float32Array(2 ** 18).fill(1), { shape: [512, 512] })
      expect([...sum(linear(x, x)).readSync()]).toEqual([2 ** 27])
    } finally {
      refusing.mockRestore()
    }
  })

  const refusals = {
    'in its own words': [
      'out of executable memory',
      [
        'the relaxed build was refused: out of executable memory',
        'the plain build was refused: out of executable memory',
      ],
    ],
    'as the policy of a page, in the words of Firefox': [
      'call to WebAssembly.Module() blocked by CSP',
      [refusedByPolicy],
    ],
    'as the policy of a page, in the words of Safari': [
      "Refused to create a WebAssembly object because 'unsafe-eval' or 'wasm-unsafe-eval' is not an allowed source of script in the following Content Security Policy directive",
      [refusedByPolicy],
    ],
  } as const
  test.each(Object.entries(refusals))(
    'what the platform refuses is reported %s',
    (_title, [message, wanted]) => {
      const refusing = vi.spyOn(webAssembly, 'Instance').mockImplementation(function refuse() {
        throw new Error(message)
      })
      try {
        const { simd, reasons } = createCpuBackend({ threads: 1 }).description
        expect(simd).toBe('none')
        expect(reasons).toEqual(wanted)
      } finally {
        refusing.mockRestore()
      }
    },
  )
})

describe('memory', () => {
  test('a training loop holds the same buffers after every round, and never more memory than it had', () => {
    // Each round makes a few hundred kilobytes: a loop that did not use its blocks again would meet the limit.
    const backend = createCpuBackend({ memoryLimit: 2 ** 20 })
    const device = new Device(backend)
    const parameters = [
      device.tensor(
        Float32Array.from({ length: 32 * 16 }, (_, index) => Math.sin(index)),
        { shape: [32, 16] },
      ),
      device.tensor(new Float32Array(32)),
      device.tensor(
        Float32Array.from({ length: 10 * 32 }, (_, index) => Math.cos(index)),
        { shape: [10, 32] },
      ),
    ]
    const input = device.tensor(
      Float32Array.from({ length: 24 * 16 }, (_, index) => Math.sin(3 * index)),
      { shape: [24, 16] },
    )
    const targets = device.tensor(Int32Array.from({ length: 24 }, (_, index) => index % 10))
    const losses: number[] = []
    const states: string[] = []
    for (let round = 0; round < 50; round++) {
      const scope = device.scope()
      const { value, gradients } = valueAndGrad(() => {
        const hidden = gelu(layerNorm(linear(input, parameters[0]!, parameters[1]!)))
        return crossEntropy(linear(hidden, parameters[2]!), targets)
      }, parameters)
      losses.push(value.readSync()[0]!)
      for (const [index, gradient] of gradients.entries()) {
        const next = scope.keep(add(donate(parameters[index]!), mul(gradient, -0.5)))
        parameters[index] = next
      }
      scope.dispose()
      states.push(JSON.stringify(backend.memory()))
    }
    expect(losses.at(-1)).toBeLessThan(losses[0]! * 0.8)
    expect(new Set(states.slice(1)).size).toBe(1)
    expect(device.memory().refusedDonations).toBe(0)
  })

  test('the limit is an error that leaves nothing behind', () => {
    const backend = createCpuBackend({ memoryLimit: 2 ** 20 })
    const device = new Device(backend)
    const x = device.tensor(new Float32Array(2 ** 16), { shape: [256, 256] })
    const before = backend.memory()
    const grow = (): void => {
      const scope = device.scope()
      try {
        for (let copy = x; ;) copy = add(copy, 1)
      } finally {
        scope.dispose()
      }
    }
    expect(grow).toThrow(/cpu: 'memory' has no room for .* expected at most 1 MiB/)
    expect(backend.memory()).toEqual(before)
    expect(sum(x).readSync()[0]).toBe(0)
  })

  test('a limit that is no size is refused', () => {
    expect(() => createCpuBackend({ memoryLimit: 0 })).toThrow("cpu: 'memoryLimit' is 0")
    expect(() => createCpuBackend({ memoryLimit: 2 ** 33 })).toThrow('4 GiB')
  })
})

describe('donation', () => {
  const handed = (device: Device, run: (x: Tensor) => Tensor): boolean => {
    const x = device.tensor([1, 2, 3, 4])
    const { handle } = x
    return run(donate(x)).handle === handle
  }

  test('elementwise kernels and updateSlice write into what they are given', () => {
    const device = new Device(createCpuBackend())
    const other = device.tensor([5, 6, 7, 8])
    expect(handed(device, (x) => add(x, other))).toBe(true)
    expect(handed(device, (x) => mul(other, x))).toBe(true)
    expect(handed(device, gelu)).toBe(true)
    expect(handed(device, (x) => updateSlice(x, device.tensor([9]), { start: [2] }))).toBe(true)
  })

  test('a smaller buffer is not taken for a larger output', () => {
    const device = new Device(createCpuBackend())
    const table = device.tensor(new Float32Array(12), { shape: [3, 4] })
    expect(handed(device, (x) => add(table, x))).toBe(false)
  })
})

test('a composite without a kernel is refused with the way out', () => {
  const backend: Backend = createCpuBackend()
  const op = {
    name: 'test/unknown',
    kind: 'composite',
    infer: () => [],
    decompose: () => [],
    samples: [],
  } as const
  expect(backend.supports(op, [], {})).toBe(false)
  const call = { op, attrs: {}, scalars: [], inputs: [], outputs: [] }
  expect(() => backend.run(call)).toThrow("cpu: 'op' is the composite 'test/unknown'")
})
