import { type BackendReport, type DeviceReport, proxy, runTask } from '@qkv/apps-shared/engine'
import { inspectorEngine } from './engine.ts'
import type { ModelOutline, Refusal, Run, RunRequest } from './inspector.worker.ts'

/** How much of a file of the model has come, in bytes. */
export interface Loading {
  readonly file: string
  readonly loaded: number
  readonly total: number | undefined
}

/** A step on the way to numbers, or the device, which was lost on the way. */
type Trouble = 'device' | 'model' | 'run' | 'lost'

export interface InspectorRun {
  readonly device: DeviceReport | undefined
  /** Which backends run here; absent until the page has shown something. */
  readonly backends: readonly BackendReport[] | undefined
  readonly outline: ModelOutline | undefined
  readonly loading: Loading | undefined
  /** Whether the numbers on the page are those of a request before. */
  readonly busy: boolean
  readonly run: Run | undefined
  readonly refusal: Refusal | undefined
  readonly error: { readonly of: Trouble; readonly message: string } | undefined
  /** Asks for the same once more, after an error. */
  again(): void
}

/**
 * Opens the backend, loads the model and runs the sentence whenever one of them changes; a run that is out of date is cancelled.
 */
export function runInspector(backend: () => string, request: () => RunRequest): InspectorRun {
  let device = $state.raw<DeviceReport>()
  let backends = $state.raw<readonly BackendReport[]>()
  let outline = $state.raw<ModelOutline>()
  let loading = $state.raw<Loading>()
  let busy = $state(true)
  let run = $state.raw<Run>()
  let refusal = $state.raw<Refusal>()
  let error = $state.raw<InspectorRun['error']>()
  let attempt = $state(0)
  const chosen = $derived(backend())
  const address = $derived(request().model)
  // As text: the same request again is no other one.
  const wanted = $derived(JSON.stringify(request()))

  const { engine, failed } = inspectorEngine()

  /** A worker that died says so by itself. */
  const unlessFailed = <Result>(answer: Promise<Result>): Promise<Result> => Promise.race([answer, failed])

  async function fail(of: Trouble, reason: unknown, isCurrent: () => boolean): Promise<void> {
    const works = of === 'device' || (await unlessFailed(engine.deviceWorks()).catch(() => true))
    if (!isCurrent()) return
    error = { of: works ? of : 'lost', message: messageOf(reason) }
    loading = undefined
    busy = false
    void list()
  }

  /** Asks once which backends run here, when the page has time for it. */
  async function list(): Promise<void> {
    backends ??= await unlessFailed(engine.listBackends()).catch(() => undefined)
  }

  $effect(() => {
    const name = chosen
    void attempt
    let current = true
    device = undefined
    busy = true
    error = undefined
    unlessFailed(engine.openDevice(name)).then(
      (opened) => {
        if (current) device = opened
      },
      (reason: unknown) => fail('device', reason, () => current),
    )
    return () => (current = false)
  })

  $effect(() => {
    const model = address
    outline = undefined
    run = undefined
    error = undefined
    if (device === undefined) return
    let current = true
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
    unlessFailed(engine.open(model, onProgress)).then(
      (opened) => {
        if (!current) return
        outline = opened
        loading = undefined
      },
      (reason: unknown) => fail('model', reason, () => current),
    )
    return () => (current = false)
  })

  $effect(() => {
    const asked = wanted
    if (outline === undefined) return
    const controller = new AbortController()
    busy = true
    unlessFailed(
      runTask<Run | Refusal>(engine, controller.signal, (task) =>
        engine.run(task, JSON.parse(asked) as RunRequest),
      ),
    ).then(
      (result) => {
        if (controller.signal.aborted) return
        busy = false
        error = undefined
        refusal = result.kind === 'run' ? undefined : result
        run = result.kind === 'run' ? result : undefined
        void list()
      },
      (reason: unknown) => fail('run', reason, () => !controller.signal.aborted),
    )
    return () => controller.abort()
  })

  return {
    get device() {
      return device
    },
    get backends() {
      return backends
    },
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
