const table = require('./import-table.cjs')

const names = Object.keys(table)
const pathOf = (name) => `^packages/${name}/`
const testFiles = '\\.test\\.ts$|\\.test-helper\\.ts$'

/** Rules for dependency-cruiser, made from the table: anything not listed is an error. */
const tableRules = Object.entries(table)
  .filter(([, allowed]) => allowed !== '*')
  .flatMap(([name, allowed]) => {
    const values = allowed.filter((entry) => !entry.endsWith(':types'))
    const types = allowed.filter((entry) => entry.endsWith(':types')).map((entry) => entry.split(':')[0])
    const forbidden = names.filter(
      (other) => other !== name && !values.includes(other) && !types.includes(other),
    )
    const rule = (suffix, targets, further) => ({
      name: `${name}-imports-${suffix}`,
      severity: 'error',
      comment: `The import table in tooling/lint/import-table.cjs gives ${name}: ${allowed.join(', ') || 'nothing'}.`,
      from: { path: `${pathOf(name)}src`, pathNot: testFiles },
      to: { path: `^packages/(${targets.join('|')})/`, ...further },
    })
    return [
      ...(forbidden.length > 0 ? [rule('outside-the-table', forbidden, {})] : []),
      ...(types.length > 0 ? [rule('more-than-types', types, { dependencyTypesNot: ['type-only'] })] : []),
    ]
  })

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...tableRules,
    {
      name: 'no-cycles-between-packages',
      severity: 'error',
      from: { path: '^packages/([^/]+)/src', pathNot: testFiles },
      to: { circular: true, path: '^packages/', pathNot: '^packages/$1/' },
    },
    {
      name: 'packages-know-nothing-above',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(apps|examples|tooling)/' },
    },
    {
      name: 'only-public-exports',
      comment: 'A package reaches another one through its exports, never by a relative path.',
      severity: 'error',
      from: { path: '^(packages|apps|tooling|examples)/([^/]+)/' },
      to: { path: '^packages/', pathNot: '^$1/$2/', dependencyTypes: ['local'] },
    },
    {
      name: 'pipelines-run-in-browsers',
      comment: 'Apps load @qkv/pipelines in pages and workers: nothing that it reaches may need Node.',
      severity: 'error',
      from: { path: '^packages/pipelines/src/index\\.ts$' },
      to: {
        reachable: true,
        path: '^(node:)?(fs|path|url|os|worker_threads|module|buffer|crypto|process)(/|$)',
      },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: ['node_modules'] },
    // What peers/ imports is installed only when it is asked for, what templates import where they are used.
    exclude: {
      path: [
        '(^|/)(dist|coverage)/',
        '^tooling/bench/peers/',
        '^tooling/new/templates/',
        '^packages/create-[^/]+/template/',
      ],
    },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@qkv/source', 'import', 'default', 'types'],
    },
  },
}
