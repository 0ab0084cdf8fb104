import {
  type AttentionAttrs,
  attentionInputs,
  type AttentionMask,
  checkBlockTables,
  type OpCall,
  type OpInput,
} from '@qkv/tensor'
import type { Binding, Scalar } from '../../commands/program.ts'
import type { BindingLimits, KernelContext } from '../../kernel.ts'
import type { GpuHandle } from '../../memory/arena.ts'
import { maskCode } from './mask-code.ts'
import { leavesGaps, type Piece } from './pieces.ts'

/** The lengths of an attention. */
export interface AttentionLengths {
  readonly batch: number
  readonly keyHeads: number
  readonly group: number
  readonly heads: number
  readonly queries: number
  readonly keys: number
  readonly headSize: number
  readonly valueSize: number
}

export function lengthsOf(call: OpCall): AttentionLengths {
  const [query, key, value] = call.inputs.map(({ spec }) => spec.shape)
  const [batch, heads, queries, headSize] = query as readonly [number, number, number, number]
  const [, keyHeads, keys] = key as readonly [number, number, number]
  return { batch, keyHeads, group: heads / keyHeads, heads, queries, keys, headSize, valueSize: value![3]! }
}

/** What the kernels of both directions read to turn products into scores: code, parameters and buffers that go together. */
export interface ScorePlan {
  readonly key: string
  readonly functions: string
  readonly parameters: readonly (readonly [name: string, type: Scalar])[]
  readonly valuesOf: (piece: Piece) => readonly number[]
  readonly bindings: readonly Binding[]
  readonly buffers: readonly GpuHandle[]
  /** Where pieces list their keys; `undefined` where these lie in a row. */
  readonly list: GpuHandle | undefined
  /** Buffers to release when the call is encoded. */
  readonly temporary: readonly GpuHandle[]
}

const axes = ['entry', 'head', 'query', 'key'] as const

/** How many buffers `scorePlan` binds for these inputs, at most, where pieces may list their keys or never do. */
function scoreBuffers(attrs: AttentionAttrs, mayList: boolean): number {
  return (
    attrs.masks +
    Number(attrs.hasBias) +
    Number(attrs.hasSinks) +
    Number(attrs.hasKeyLengths) +
    Number(hasTable(attrs.mask) || (mayList && leavesGaps(attrs.mask)))
  )
}

function hasTable(mask: AttentionMask): boolean {
  return (
    mask.kind === 'blocks' ||
    ((mask.kind === 'and' || mask.kind === 'or') && mask.of.some((part) => hasTable(part)))
  )
}

/** How many parameters the masks and tensors of a call take, at most. */
export function scoreParameters(attrs: AttentionAttrs): number {
  const leaves = (mask: AttentionMask): number =>
    mask.kind === 'and' || mask.kind === 'or' ? mask.of.reduce((sum, part) => sum + leaves(part), 0) : 3
  return 14 + leaves(attrs.mask) + 5 * (attrs.masks + Number(attrs.hasBias)) + 4
}

/** The plan of a call whose pieces list their keys, or do not. */
export function scorePlan(call: OpCall, context: KernelContext, list?: readonly number[]): ScorePlan {
  const attrs = call.attrs as AttentionAttrs
  const { masks, bias, sinks, keyLengths } = attentionInputs(call.inputs, attrs)
  const lengths = lengthsOf(call)
  const queryStart = call.scalars[0]!
  checkBlockTables(attrs.mask, { queryStart, queries: lengths.queries, keys: lengths.keys })
  const mask = maskCode(attrs.mask, list?.length ?? 0)
  const operands: Operand[] = [
    ...masks.map((input, index) => operandOf(`mask${index}`, 'i32', input, axes)),
    ...(bias ? [operandOf('bias', 'f32', bias, axes)] : []),
    ...(sinks ? [operandOf('sinks', 'f32', sinks, ['head'])] : []),
    ...(keyLengths ? [operandOf('keyLengths', 'i32', keyLengths, ['entry'])] : []),
  ]
  const table = list || hasTable(attrs.mask) ? context.upload(tableOf(list ?? [], mask.table)) : undefined
  const tableBinding: readonly Binding[] = table ? [{ name: 'table', type: 'i32', access: 'read' }] : []
  const { dropoutRate, softcap } = attrs
  return {
    key: [
      mask.condition,
      softcap === null,
      dropoutRate > 0,
      list !== undefined,
      ...operands.map(({ name }) => name),
    ].join('/'),
    functions: [
      ...operands.map(({ code }) => code),
      keyFunction(list !== undefined),
      keptFunction(mask.condition, keyLengths !== undefined),
      scoreFunctions(softcap !== null, bias !== undefined, sinks !== undefined, dropoutRate > 0),
    ].join('\n'),
    parameters: [
      ['firstQuery', 'u32'],
      ['queries', 'u32'],
      ['firstKey', 'u32'],
      ['keys', 'u32'],
      ['allQueries', 'u32'],
      ['allKeys', 'u32'],
      ['heads', 'u32'],
      ['queryStart', 'i32'],
      ['softcap', 'f32'],
      ['dropped', 'u32'],
      ['keepScale', 'f32'],
      ['keyLow', 'u32'],
      ['keyHigh', 'u32'],
      ...Object.keys(mask.values).map((name) => [name, 'i32'] as const),
      ...operands.flatMap(({ parameters }) => parameters),
    ],
    valuesOf: ({ firstQuery, queries, firstKey, keys }) => [
      firstQuery,
      queries,
      firstKey,
      keys,
      lengths.queries,
      lengths.keys,
      lengths.heads,
      queryStart,
      softcap ?? 1,
      Math.ceil(dropoutRate * 2 ** 24),
      1 / (1 - dropoutRate),
      call.scalars[1]!,
      call.scalars[2]!,
      ...Object.values(mask.values),
      ...operands.flatMap(({ values }) => values),
    ],
    bindings: [
      ...operands.map(({ name, type }): Binding => ({ name, type, access: 'read' })),
      ...tableBinding,
    ],
    buffers: [...operands.map(({ handle }) => handle), ...(table ? [table] : [])],
    list: list && table,
    temporary: table ? [table] : [],
  }
}

/** A tensor that broadcasts to the scores, read through its strides. */
interface Operand {
  readonly name: string
  readonly type: 'f32' | 'i32'
  readonly handle: GpuHandle
  readonly code: string
  readonly parameters: readonly (readonly [name: string, type: Scalar])[]
  readonly values: readonly number[]
}

function operandOf(name: string, type: 'f32' | 'i32', input: OpInput, along: readonly string[]): Operand {
  const { shape } = input.spec
  const skip = along.length - shape.length
  const strides = along.map((_, axis) =>
    axis < skip || shape[axis - skip] === 1 ? 0 : input.layout.strides[axis - skip]!,
  )
  const terms = along.map((axis) => ` + i32(${axis}) * parameters.${name}${axis}`)
  return {
    name,
    type,
    handle: input.handle as GpuHandle,
    code: `fn ${name}At(${along.map((axis) => `${axis}: u32`).join(', ')}) -> ${type} {
  return ${name}[parameters.${name}Offset${terms.join('')}];
}`,
    parameters: [[`${name}Offset`, 'i32'], ...along.map((axis) => [`${name}${axis}`, 'i32'] as const)],
    values: [input.layout.offset, ...strides],
  }
}

/** Listed keys come first. Either may be empty; a binding may not. */
function tableOf(list: readonly number[], blocks: readonly number[]): Int32Array {
  const table = new Int32Array(list.length + blocks.length + 1)
  table.set(list)
  table.set(blocks, list.length)
  return table
}

/** The key of a column of the scores of a piece. */
function keyFunction(listed: boolean): string {
  const first = 'parameters.firstKey + column'
  return `fn keyAt(column: u32) -> u32 { return ${listed ? `u32(table[${first}])` : first}; }`
}

function keptFunction(condition: string, shortened: boolean): string {
  const filled = shortened ? ' && key < keyLengthsAt(entry)' : ''
  return `fn kept(entry: u32, head: u32, query: u32, keyIndex: u32) -> bool {
  let position = i32(query) + parameters.queryStart;
  let key = i32(keyIndex);
  return (${condition})${filled};
}`
}

function scoreFunctions(capped: boolean, biased: boolean, sunk: boolean, dropped: boolean): string {
  return `fn capped(product: f32) -> f32 {
  return ${capped ? 'parameters.softcap * hyperbolicTangent(product / parameters.softcap)' : 'product'};
}
fn slopeOf(cappedScore: f32) -> f32 {
  return ${capped ? '1.0 - (cappedScore / parameters.softcap) * (cappedScore / parameters.softcap)' : '1.0'};
}
fn withBias(score: f32, entry: u32, head: u32, query: u32, key: u32) -> f32 {
  return score${biased ? ' + biasAt(entry, head, query, key)' : ''};
}
fn sinkOf(head: u32) -> f32 { return ${sunk ? 'sinksAt(head)' : 'minusInfinity()'}; }
// What dropout multiplies a weight by; row counts the queries of all heads and entries.
fn keepFactor(row: u32, key: u32) -> f32 {
  return ${dropped ? 'select(parameters.keepScale, 0.0, randomWord(row * parameters.allKeys + key, parameters.keyLow, parameters.keyHigh) < parameters.dropped)' : '1.0'};
}`
}

/** Declares which row of a piece's scores a line is: `row` is its number among the queries of the call. */
export const rowCode = `  let query = parameters.firstQuery + line % parameters.queries;
  let head = (line / parameters.queries) % parameters.heads;
  let entry = line / (parameters.queries * parameters.heads);
  let row = (entry * parameters.heads + head) * parameters.allQueries + query;
  let start = line * parameters.keys;
  let sink = sinkOf(head);`

/**
 * Whether the kernels of one direction can bind and describe all inputs; `own` counts the buffers that are always there, and pieces may
 * list their keys or never do.
 */
export function fitsLimits(
  own: number,
  attrs: AttentionAttrs,
  limits: BindingLimits,
  mayList: boolean,
): boolean {
  return (
    own + scoreBuffers(attrs, mayList) <= limits.maxStorageBuffersPerShaderStage &&
    scoreParameters(attrs) <= 64
  )
}
