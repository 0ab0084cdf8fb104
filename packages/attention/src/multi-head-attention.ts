import {
  type Initialization,
  type Initializer,
  Linear,
  Module,
  type QuantizedLinear,
  xavierUniform,
  zeros,
} from '@qkv/nn'
import { slice, type Tensor } from '@qkv/tensor'
import { attendByStages, attendFused, type ContextOf } from './attend.ts'
import type { AttentionCache, CachedKeys, KeyCache, StateCache } from './caches/attention-cache.ts'
import { checkCache } from './caches/create-cache.ts'
import type { Composition } from './compose.ts'
import { checkHeads, keyHeadsOf } from './check-heads.ts'
import { CompositionError } from './errors.ts'
import { checkSideInputs, rejectSelfOnly } from './check-side-inputs.ts'
import type { Tap } from './context.ts'
import { contextsOf, readerOf, type SharedContext } from './contexts.ts'
import { joinHeads, splitHeads } from './heads.ts'
import type { Mask } from './masks/mask.ts'
import type { PartSizes, Projected } from './part.ts'
import { createPartState, type PartState, readPartState } from './part-state.ts'
import { applyQueryKey, expandStored } from './projected.ts'

export interface MultiHeadAttentionOptions {
  /** Width of the inputs and of the output. */
  readonly width: number
  readonly heads: number
  readonly composition: Composition
  /** Key and value heads; as many as `heads` unless said. */
  readonly keyHeads?: number
  /** `width / heads` unless said. */
  readonly headSize?: number
  /** Width of the key input, when it is not `width`. */
  readonly keyWidth?: number
  /** Width of the value input, when it is not that of the key input. */
  readonly valueWidth?: number
  /** Whether the projections have a bias; true unless said. */
  readonly bias?: boolean
  /** Of the projections' weights; xavierUniform unless said. Their biases start at zero. */
  readonly initializer?: Initializer
  /** Longest sequence, for parts with tables; 512 unless said. */
  readonly maximumLength?: number
}

/** What one call brings besides its inputs. */
export interface AttentionCall {
  /** What the call masks out besides the parts; `noMask` when nothing. */
  readonly mask: Mask
  /** The side inputs that the parts ask for; `'none'` says that there is none. */
  readonly side: Readonly<Record<string, Tensor | 'none'>>
  /** Keys and values of earlier positions; `'none'` when all keys are in the inputs. */
  readonly cache: AttentionCache | 'none'
  /** Another input for the values `[batch, key, valueWidth]`; the key input unless said. */
  readonly valueInput?: Tensor
  /** Sees, and may replace, intermediates; the call then runs stage by stage. */
  readonly tap?: Tap | undefined
}

const untouched: Tap = (_, tensor) => tensor

/**
 * Multi-head attention: projects, splits into heads, attends as its composition says, joins the heads, projects.
 *
 * Heads are split by index: head `h` reads the columns `h * headSize` to `(h + 1) * headSize - 1`. Plain
 * scaled-dot compositions run as one fused operation.
 *
 * @example
 * const attention = new MultiHeadAttention(init, { width: 64, heads: 8, composition: compose([scaledDot(), causal()]) })
 * const output = attention.forward(x, x, { mask: noMask, side: {}, cache: 'none' }) // [batch, length, 64]
 */
export class MultiHeadAttention extends Module {
  /** Projections; absent when a part of the composition projects. */
  readonly query: Linear | QuantizedLinear | undefined
  readonly key: Linear | QuantizedLinear | undefined
  readonly value: Linear | QuantizedLinear | undefined
  readonly output: Linear | QuantizedLinear
  /** Parameters and buffers of the parts, by part and name. */
  readonly parts: PartState
  readonly #composition: Composition
  readonly #sizes: PartSizes

  constructor(init: Initialization, options: MultiHeadAttentionOptions) {
    super()
    checkHeads(options)
    checkScored(options.composition)
    const { width, heads, composition, headSize = width / heads, bias = true } = options
    const keyHeads = keyHeadsOf(options)
    const { keyWidth = width, valueWidth = keyWidth, maximumLength = 512 } = options
    const { initializer = xavierUniform() } = options
    const projection = (inputSize: number, outputSize: number): Linear =>
      new Linear(init, { inputSize, outputSize, bias, initializer, biasInitializer: zeros() })
    this.#composition = composition
    this.#sizes = { width, heads, keyHeads, headSize, maximumLength }
    if (!composition.owner('project')) {
      this.query = projection(width, heads * headSize)
      this.key = projection(keyWidth, keyHeads * headSize)
      this.value = projection(valueWidth, keyHeads * headSize)
    }
    this.output = projection(heads * headSize, width)
    this.parts = createPartState(init, composition.parts, 'attention', this.#sizes)
  }

  /**
   * `queryInput` is `[batch, query, width]`, `keyInput` `[batch, key, keyWidth]` (the same tensor for
   * self-attention); returns `[batch, query, width]`. Throws a `CompositionError` for side inputs that are missing
   * or that no part reads.
   */
  forward(queryInput: Tensor, keyInput: Tensor, call: AttentionCall): Tensor {
    this.#check(queryInput, keyInput, call)
    return queryInput.device.scoped(() => {
      const { cache, tap = untouched } = call
      const stored = cache !== 'none' && cache.kind === 'keys' && cache.fixed ? cache.read() : undefined
      const start = cache === 'none' || (cache.kind === 'keys' && cache.fixed) ? 0 : cache.length
      const contextOf = this.#contexts(queryInput, keyInput, call, {
        queryStart: start,
        queryLength: queryInput.shape[1]!,
        keyStart: start,
        keyLength: stored ? stored.length : start + keyInput.shape[1]!,
      })
      const made = this.#project(contextOf, queryInput, keyInput, call, stored)
      let output =
        cache !== 'none' && cache.kind === 'state'
          ? this.#recur(contextOf, made, cache)
          : this.#attend(queryInput, keyInput, call, start, made.query, stored ?? remember(cache, made))
      output = tap('mixed', output)
      for (const part of this.#composition.having('output')) output = part.output(contextOf(part), output)
      return tap('output', this.output.forward(joinHeads(output)))
    })
  }

  #check(queryInput: Tensor, keyInput: Tensor, { cache, side }: AttentionCall): void {
    checkSideInputs(this.#composition, side)
    if (cache !== 'none' && !(cache.kind === 'keys' && cache.fixed)) checkCache(this.#composition, cache)
    if (queryInput !== keyInput) rejectSelfOnly(this.#composition)
  }

  /** Query, key and value with the `queryKey` stages applied; stored keys were turned when they were cached. */
  #project(
    contextOf: ContextOf,
    queryInput: Tensor,
    keyInput: Tensor,
    call: AttentionCall,
    stored: CachedKeys | undefined,
  ): Projected {
    const projector = this.#composition.owner('project')
    const projected = projector
      ? projector.project!(contextOf(projector), queryInput, keyInput)
      : this.#splitProjections(queryInput, keyInput, call.valueInput ?? keyInput, stored)
    const { tap = untouched } = call
    const turned = applyQueryKey(this.#composition, contextOf, projected, ({ query, key, value }) => ({
      query: tap('query', query),
      key: stored ? key : tap('key', key),
      value: stored ? value : tap('value', value),
    }))
    return stored ? { query: turned.query, key: projected.key, value: projected.value } : turned
  }

  #splitProjections(
    queryInput: Tensor,
    keyInput: Tensor,
    valueInput: Tensor,
    stored: CachedKeys | undefined,
  ): Projected {
    const { heads, keyHeads } = this.#sizes
    const query = splitHeads(this.query!.forward(queryInput), heads)
    if (stored) return { query, key: stored.key, value: stored.value }
    return {
      query,
      key: splitHeads(this.key!.forward(keyInput), keyHeads),
      value: splitHeads(this.value!.forward(valueInput), keyHeads),
    }
  }

  #recur(contextOf: ContextOf, { query, ...made }: Projected, cache: StateCache): Tensor {
    const mixer = this.#composition.owner('mix')!
    const { key, value } = expandStored(this.#composition, contextOf, made)
    const { output, state } = mixer.recur!(contextOf(mixer), cache.state, query, key, value)
    cache.update(state, key.shape[2]!)
    return output
  }

  /** From queries and what is kept of the keys to the mixed values; positions count from the first key that is left. */
  #attend(
    queryInput: Tensor,
    keyInput: Tensor,
    call: AttentionCall,
    start: number,
    query: Tensor,
    keys: CachedKeys,
  ): Tensor {
    const composition = this.#composition
    const within = start - (keys.dropped ?? 0)
    const contextOf = this.#contexts(queryInput, keyInput, call, {
      queryStart: within,
      queryLength: query.shape[2]!,
      keyStart: within,
      keyLength: keys.length,
    })
    const fused = composition.unfusable === undefined && call.tap === undefined
    if (fused && !composition.owner('expand')) {
      return attendFused(composition, contextOf, query, keys, call.mask)
    }
    const used = (tensor: Tensor): Tensor => slice(tensor, [{}, {}, { size: keys.length }])
    const { key, value } = expandStored(composition, contextOf, {
      key: used(keys.key),
      value: used(keys.value),
    })
    return fused
      ? attendFused(composition, contextOf, query, { key, value, length: keys.length }, call.mask)
      : attendByStages(composition, contextOf, query, key, value, call.mask)
  }

  #contexts(
    queryInput: Tensor,
    keyInput: Tensor,
    call: AttentionCall,
    positions: Pick<SharedContext, 'queryStart' | 'queryLength' | 'keyStart' | 'keyLength'>,
  ): ContextOf {
    const { width, heads, keyHeads, headSize, maximumLength } = this.#sizes
    const { queryStart, queryLength, keyStart, keyLength } = positions
    return contextsOf(
      {
        width,
        heads,
        keyHeads,
        headSize,
        maximumLength,
        queryStart,
        keyStart,
        keyLength,
        device: queryInput.device,
        queryInput,
        keyInput,
        queryLength,
        causal: this.#composition.causal,
        training: this.training,
        nextKey: () => this.random!.next(),
        tap: call.tap ?? untouched,
        sideInput: readerOf(call.side),
      },
      (part, kind, name) => readPartState(this.parts, part, kind, name),
    )
  }
}

function remember(cache: KeyCache | StateCache | 'none', { key, value }: Projected): CachedKeys {
  return cache === 'none' || cache.kind === 'state'
    ? { key, value, length: key.shape[2]! }
    : cache.append(key, value)
}

/** Positions, masks and the like say nothing of how queries and keys meet. */
function checkScored(composition: Composition): void {
  if (composition.owner('score') ?? composition.owner('mix')) return
  throw new CompositionError({
    operation: 'MultiHeadAttention',
    argument: 'composition',
    got: `has no part that scores keys, or mixes values without: ${composition.name || 'no parts'}`,
    expected: "a part of the stage score or mix, such as 'scaled-dot'",
    fix: 'Add `scaledDot()` to the parts.',
  })
}
