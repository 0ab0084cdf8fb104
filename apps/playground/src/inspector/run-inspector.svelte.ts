import { proxy, runTask } from '@qkv/apps-shared/engine'
import { inspectorEngine } from './engine.ts'
import type { ModelOutline, Refusal, Run, RunRequest } from './inspector.worker.ts'

/** How much of a file of the model has come, in bytes. */
export interface Loading {
  readonly file: string
  readonly loaded: number
  readonly total: number | undefined
}

export interface InspectorRun {
  readonly outline: ModelOutline | undefined
  readonly loading: Loading | undefined
  /** Whether the numbers on the page are those of a request before. */
  readonly busy: boolean
  readonly run: Run | undefined
  readonly refusal: Refusal | undefined
  readonly error: { readonly of: 'model' | 'run'; readonly message: string } | undefined
  /** Asks for the same once more, after an error. */
  again(): void
}

/** Loads the model and runs the sentence whenever one of them changes; a run that is out of date is cancelled. */
export function runInspector(request: () => RunRequest): InspectorRun {
  let outline = $state.raw<ModelOutline>()
  let loading = $state.raw<Loading>()
  let busy = $state(true)
  let run = $state.raw<Run>()
  let refusal = $state.raw<Refusal>()
  let error = $state.raw<InspectorRun['error']>()
  let attempt = $state(0)
  const address = $derived(request().model)
  // As text: the same request again is no other one.
  const wanted = $derived(JSON.stringify(request()))

  $effect(() => {
    const model = address
    void attempt
    let current = true
    outline = undefined
    run = undefined
    error = undefined
    const onProgress = proxy(
      ({
        file,
        loadedBytes,
        totalBytes,
      }: {
        file: string
        loadedBytes: number
        totalBytes: number | undefined
      }) => {
        if (current) loading = { file, loaded: loadedBytes, total: totalBytes }
      },
    )
    const { engine, failed } = inspectorEngine()
    Promise.race([engine.open(model, onProgress), failed]).then(
      (opened) => {
        if (!current) return
        outline = opened
        loading = undefined
      },
      (reason: unknown) => {
        if (!current) return
        error = { of: 'model', message: messageOf(reason) }
        loading = undefined
        busy = false
      },
    )
    return () => (current = false)
  })

  $effect(() => {
    const asked = wanted
    if (outline === undefined) return
    const controller = new AbortController()
    const { engine, failed } = inspectorEngine()
    busy = true
    Promise.race([
      runTask<Run | Refusal>(engine, controller.signal, (task) =>
        engine.run(task, JSON.parse(asked) as RunRequest),
      ),
      failed,
    ]).then(
      (result) => {
        if (controller.signal.aborted) return
        busy = false
        error = undefined
        refusal = result.kind === 'run' ? undefined : result
        run = result.kind === 'run' ? result : undefined
      },
      (reason: unknown) => {
        if (controller.signal.aborted) return
        busy = false
        error = { of: 'run', message: messageOf(reason) }
      },
    )
    return () => controller.abort()
  })

  return {
    get outline() {
      return outline
    },
    get loading() {
      return loading
    },
    get busy() {
      return busy
    },
    get run() {
      return run
    },
    get refusal() {
      return refusal
    },
    get error() {
      return error
    },
    again() {
      attempt += 1
    },
  }
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason)
}
