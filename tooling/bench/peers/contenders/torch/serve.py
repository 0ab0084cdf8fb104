# The process of the contender torch: the same lines of JSON as source/serve-contender.mjs.
import array
import json
import sys
import time


def reply(message):
    print(json.dumps(message), flush=True)


try:
    import torch
except ImportError as error:
    reply({"error": f"{sys.executable}: {error}"})
    sys.exit(0)

torch.set_num_threads(1)

from implementations import implementations  # noqa: E402  (needs torch, whose absence is reported above)

types = {"float32": torch.float32, "int32": torch.int32}


def read_inputs(path):
    with open(path) as file:
        manifest = json.load(file)
    with open(f"{path}.bin", "rb") as file:
        data = bytearray(file.read())
    return {
        name: torch.frombuffer(data, dtype=types[entry["dtype"]], count=entry["length"], offset=entry["offset"])
        .reshape(entry["shape"])
        .clone()
        for name, entry in manifest.items()
    }


def timed(body):
    cpu, wall = time.process_time(), time.perf_counter()
    body()
    return (time.perf_counter() - wall) * 1e3, (time.process_time() - cpu) * 1e3


def measure(prepared, runs):
    def repeat():
        for _ in range(runs):
            prepared.run()

    if not hasattr(prepared, "reset"):
        wall, cpu = timed(repeat)
        return {"wall": wall, "cpu": cpu}
    totals = [0.0, 0.0]
    for _ in range(runs):
        prepared.reset()
        totals = [total + part for total, part in zip(totals, timed(prepared.run))]
    return {"wall": totals[0], "cpu": totals[1]}


def prepare(request):
    prepared = implementations[request["kind"]](read_inputs(request["inputs"]), request["settings"])
    if hasattr(prepared, "reset"):
        prepared.reset()
    runs, first = 0, None
    while runs < request["checkedRuns"] and (first is None or first[0] <= request["longestRun"]):
        times = timed(prepared.run)
        first = first or times
        runs += 1
    with open(request["output"], "wb") as file:
        array.array("f", prepared.output().detach().flatten().tolist()).tofile(file)
    return prepared, {"wall": first[0], "cpu": first[1]}


reply(
    {
        "version": torch.__version__,
        "detail": f"native {torch.backends.cpu.get_cpu_capability()}, threads: 1"
        if hasattr(torch.backends, "cpu")
        else "native, threads: 1",
        "kinds": list(implementations),
        "reasons": {},
    }
)

prepared = None
for line in sys.stdin:
    request = json.loads(line)
    try:
        if request["request"] == "prepare":
            prepared, first = prepare(request)
            reply(first)
        elif request["request"] == "measure":
            reply(measure(prepared, request["runs"]))
        else:
            prepared = None
            reply({})
    except Exception as error:
        reply({"error": str(error)})
