import {
  abs,
  add,
  cast,
  clamp,
  dequantize,
  div,
  type Device,
  equal,
  gather,
  max,
  reshape,
  round,
  type Tensor,
  where,
} from '@qkv/tensor'
import type { CachedKeys, KeyCache } from './attention-cache.ts'
import { fullCache } from './full.ts'

export interface QuantizedCacheOptions {
  /** Makes what keeps the 8-bit numbers, and what keeps their scales; `fullCache` unless said. */
  readonly inner?: () => KeyCache
}

/** The largest whole number used, as in `quantizeRows`. */
const levels = 127

/**
 * Keeps keys and values as 8-bit numbers, with a scale for each position and head. Each number is off by at most half a scale, the
 * row's largest number / 254. A call reads them back as a whole, which is freed after it.
 *
 * It takes about a quarter of the memory where `int8` takes a byte, as on the `cpu` backend; `webgpu` and `gpujs` give every number four
 * bytes, and nothing is saved. Gates that `forgetting` and `data-dependent-alibi` keep beside the values share their scale, and are rounded more
 * coarsely than numbers of their own size would be.
 *
 * Source: Jacob et al. 2018, Quantization and training of neural networks (arXiv 1712.05877), with a zero point of 0.
 *
 * @example
 * const cache = quantizedCache({ inner: () => ringCache({ window: 252, sinks: 4 }) })
 */
export function quantizedCache({ inner = fullCache }: QuantizedCacheOptions = {}): KeyCache {
  const numbers = inner()
  const scales = inner()
  let table: Tensor | undefined

  const restore = (stored: CachedKeys, scale: CachedKeys): CachedKeys => ({
    ...stored,
    key: restoreRows(stored.key, scale.key),
    value: restoreRows(stored.value, scale.value),
  })

  return {
    name: `quantized ${numbers.name}`,
    kind: 'keys',
    fixed: numbers.fixed,
    get length() {
      return numbers.length
    },
    read() {
      const [stored, scale] = [numbers.read(), scales.read()]
      return stored && scale && restore(stored, scale)
    },
    append(key, value) {
      const { device } = key
      table ??= device.retain(levelTable(device))
      const levelsOf = table
      return device.scoped(() => {
        const keys = quantize(key, levelsOf)
        const values = quantize(value, levelsOf)
        return restore(numbers.append(keys.numbers, values.numbers), scales.append(keys.scale, values.scale))
      })
    },
    select(rows) {
      numbers.select(rows)
      scales.select(rows)
    },
    dispose() {
      numbers.dispose()
      scales.dispose()
      table?.dispose()
      table = undefined
    },
  }
}

/** Every 8-bit number from -127 to 127, in order: no operation makes `int8` from other numbers, but `gather` takes it from here. */
function levelTable(device: Device): Tensor {
  return device.tensor(Int8Array.from({ length: 2 * levels + 1 }, (_, index) => index - levels))
}

/** Numbers of the shape of `x`, and their scales `[batch, heads, length, 1]`. */
function quantize(x: Tensor, table: Tensor): { readonly numbers: Tensor; readonly scale: Tensor } {
  const largest = div(max(abs(x), { axis: -1, keepAxes: true }), levels)
  const scale = where(equal(largest, 0), 1, largest)
  const whole = clamp(round(div(x, scale)), { min: -levels, max: levels })
  return { numbers: gather(table, cast(add(whole, levels), 'int32')), scale }
}

function restoreRows(numbers: Tensor, scale: Tensor): Tensor {
  const { shape } = numbers
  const width = shape[3]!
  const rows = shape[0]! * shape[1]! * shape[2]!
  return reshape(dequantize(reshape(numbers, [rows, width]), reshape(scale, [rows, 1])), shape)
}
