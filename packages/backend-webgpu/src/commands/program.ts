import { withLibrary } from '../wgsl/library.ts'
import { resolveSubgroups } from '../wgsl/subgroup-text.ts'

export type Scalar = 'f32' | 'i32' | 'u32'

/** How a kernel sees a buffer. */
export type ElementType = Scalar | 'vec4f' | 'vec4i' | 'vec4u'

/** A buffer of a kernel as it is declared. */
export interface Binding {
  readonly name: string
  readonly type: ElementType
  readonly access: 'read' | 'read_write'
}

/**
 * One kernel: the key names everything that its text depends on besides the device, so that the text is written once per key and
 * device. Sizes, strides and all other numbers that vary from call to call are parameters.
 */
export interface Program {
  readonly key: string
  readonly bindings: readonly Binding[]
  /** Name and type of each parameter; the body reads `parameters.name`. */
  readonly parameters: readonly (readonly [name: string, type: Scalar])[]
  /** The WGSL with the entry point `main`, without the declarations of buffers and parameters. */
  readonly body: () => string
}

/** The whole shader, for a device with subgroups or without. */
export function shaderOf({ bindings, parameters, body }: Program, subgroups: boolean): string {
  const fields = parameters.map(([name, type]) => `  ${name}: ${type},`)
  const declared = bindings.map(
    ({ name, type, access }, index) =>
      `@group(0) @binding(${index + 1}) var<storage, ${access}> ${name}: array<${type}>;`,
  )
  const text = resolveSubgroups(body(), subgroups)
  return [
    ...extensionsOf(text),
    'struct Parameters {',
    // An empty structure is none in WGSL.
    ...(fields.length === 0 ? ['  unused: u32,'] : fields),
    '}',
    '@group(0) @binding(0) var<uniform> parameters: Parameters;',
    ...declared,
    withLibrary(text),
  ].join('\n')
}

/** The directives of what a text uses beyond the core of WGSL; they come before all else. */
function extensionsOf(text: string): readonly string[] {
  return [
    // Subgroups are left by all of their lanes together, which not every compiler sees.
    ...(/\bsubgroup[A-Z]\w*\(/.test(text)
      ? ['enable subgroups;', 'diagnostic(off, subgroup_uniformity);']
      : []),
    ...(/\b(?:f16|vec4h)\b/.test(text) ? ['enable f16;'] : []),
  ]
}

/**
 * The entry point of a kernel. Its code sees `workgroup`, the number of the workgroup, and `lane`, the number of the invocation
 * in it: more workgroups than fit one dimension are folded into a second one.
 */
export function entryPoint(size: number, code: string): string {
  return `
@compute @workgroup_size(${size})
fn main(
  @builtin(workgroup_id) groupPlace: vec3u,
  @builtin(num_workgroups) groupCounts: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let workgroup = groupPlace.y * groupCounts.x + groupPlace.x;
${code}
}`
}

/** An entry point whose code runs once for each `index` below `parameters.size`. */
export function forEachIndex(code: string): string {
  return entryPoint(
    threads,
    `  let index = workgroup * ${threads}u + lane;
  if (index >= parameters.size) { return; }
${code}`,
  )
}

/** Invocations per workgroup of kernels in which each works alone. */
export const threads = 64
