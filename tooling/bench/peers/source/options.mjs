import { parseArgs } from 'node:util'

const help = `Runs the same work on qkv and on other libraries, in turns, and prints ratios.

  --only NAME,...        workloads whose names begin so, such as gpt or gemm-128
  --contenders NAME,...  who takes part besides qkv
  --seconds NUMBER       how long each contender is measured on each workload; 2 unless said
  --clock wall|cpu       time on the clock, or of the processor: steadier where others compute too
  --longest-run NUMBER   seconds after which a first run stays the only one; 30 unless said
  --json FILE            writes all figures
  --write                writes tables into docs/benchmarks.md
  --list                 names workloads and contenders
`

/** What the command line says; ends the process with a sentence when it says something else. */
export function readOptions(workloads, contenders) {
  const { values } = parse({
    only: { type: 'string' },
    contenders: { type: 'string' },
    seconds: { type: 'string', default: '2' },
    clock: { type: 'string', default: 'wall' },
    'longest-run': { type: 'string', default: '30' },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  })
  if (values.help) return stop(0, help)
  const workloadNames = workloads.map(({ name }) => name)
  const contenderNames = contenders.map(({ name }) => name)
  if (values.list) {
    return stop(0, `Workloads: ${workloadNames.join(', ')}.\nContenders: ${contenderNames.join(', ')}.`)
  }
  if (values.clock !== 'wall' && values.clock !== 'cpu')
    return stop(2, `bench:peers: '--clock' is '${values.clock}', expected wall or cpu.`)
  const wantedContenders = choose(
    'contenders',
    values.contenders,
    contenderNames,
    (name, wanted) => name === wanted,
  )
  const [baseline] = contenderNames
  return {
    workloads: choose('only', values.only, workloadNames, (name, wanted) => name.startsWith(wanted)),
    contenders: new Set([baseline, ...wantedContenders]),
    seconds: readSeconds('seconds', values.seconds),
    clock: values.clock,
    longestRun: readSeconds('longest-run', values['longest-run']),
    json: values.json,
    write: values.write,
  }
}

function parse(options) {
  try {
    return parseArgs({ options })
  } catch (error) {
    return stop(2, `bench:peers: ${error.message}\n\n${help}`)
  }
}

/** @returns {Set<string>} */
function choose(option, text, names, matches) {
  if (text === undefined) return new Set(names)
  const chosen = text.split(',').flatMap((wanted) => {
    const found = names.filter((name) => matches(name, wanted))
    if (found.length === 0)
      stop(2, `bench:peers: '--${option}' has '${wanted}', expected some of ${names.join(', ')}.`)
    return found
  })
  return new Set(chosen)
}

function readSeconds(option, text) {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  return stop(2, `bench:peers: '--${option}' is '${text}', expected a number of seconds above 0.`)
}

function stop(status, message) {
  if (status === 0) console.log(message)
  else console.error(message)
  process.exit(status)
}
